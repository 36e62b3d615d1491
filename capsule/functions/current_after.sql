-- current_after(next, day)
--
-- The number in force at the end of a chain of at most five successors that
-- begins with the key `next`; NULL where none is in force on that day. CASE
-- costs less than IN, for which SQLite makes a table.
SELECT o.number FROM standard a
LEFT JOIN standard b ON b.key = a.successor_key
LEFT JOIN standard c ON c.key = b.successor_key
LEFT JOIN standard d ON d.key = c.successor_key
LEFT JOIN standard e ON e.key = d.successor_key
CROSS JOIN standard o ON o.key = coalesce(e.successor_key, d.successor_key,
	c.successor_key, b.successor_key, a.successor_key)
WHERE a.key = :next AND CASE status_on(o.id, :day) WHEN '现行' THEN 1
	WHEN '现行(将被代替)' THEN 1 WHEN '部分被代替' THEN 1 ELSE 0 END
