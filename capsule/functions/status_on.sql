-- status_on(id, day)
--
-- What a standard is on a day (YYYY-MM-DD): 现行, 即将实施, 被代替, 废止 ...,
-- which std_status() says from its dates. NULL for no standard and for a day
-- that is not whole.
SELECT std_status(:day, issued, effective, abolished, stated, verified_at,
	successor_issued, successor_effective, partly <= :day,
	mandate_changed <= :day)
FROM standard WHERE id = :id
