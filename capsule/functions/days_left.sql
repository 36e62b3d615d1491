-- days_left(until, day)
--
-- How long something is open that is open to the end of the day `until`.
SELECT CASE WHEN :until = :day THEN '今天截止' ELSE :until || ' 截止，还有 '
	|| CAST(julianday(:until) - julianday(:day) AS INTEGER) || ' 天' END
