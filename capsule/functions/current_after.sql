-- current_after(next, day)
--
-- The number in force at the end of a chain of at most five successors that
-- begins with the key `next`; NULL where none is in force on that day.
SELECT o.number FROM standard a
LEFT JOIN standard b ON b.key = a.successor_key
LEFT JOIN standard c ON c.key = b.successor_key
LEFT JOIN standard d ON d.key = c.successor_key
LEFT JOIN standard e ON e.key = d.successor_key
CROSS JOIN standard o ON o.key = coalesce(e.successor_key, d.successor_key,
	c.successor_key, b.successor_key, a.successor_key)
WHERE a.key = :next AND status_on(o.id, :day)
	IN ('现行', '现行(将被代替)', '部分被代替')
