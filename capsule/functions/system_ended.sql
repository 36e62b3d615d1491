-- system_ended(system, day)
--
-- How many standards of a system no longer hold on a day.
SELECT count(*) FROM system_past WHERE system_id = :system
	AND status_on(standard_id, :day) IN ('被代替', '废止')
