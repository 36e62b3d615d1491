-- check_undated(family, day)
--
-- The edition that a number without its year means: the newest in force, else
-- the newest: its id, a blank, and how it was found; NULL for no edition. CASE
-- costs less than IN, for which SQLite makes a table.
SELECT id || iif(good, ' 未写年代号，取现行版',
	' 未写年代号，没有现行版，取最近一版')
FROM (SELECT s.id, s.year, CASE status_on(s.id, :day)
			WHEN '现行' THEN 1 WHEN '现行(将被代替)' THEN 1
			WHEN '部分被代替' THEN 1 WHEN '转为推荐性' THEN 1
			ELSE 0 END AS good
	FROM standard s WHERE s.family = :family
	AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.from_key = s.key
		AND r.type IN ('amends', 'corrects')))
ORDER BY good DESC, year DESC LIMIT 1
