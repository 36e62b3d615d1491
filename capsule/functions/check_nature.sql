-- check_nature(bare, year, undated, day)
--
-- What a number means without its /T or /Z, or with another, where that leaves
-- one family only. As check_undated() gives it; 0 for several families, NULL for
-- none. CASE costs less than IN, for which SQLite makes a table.
SELECT CASE count(DISTINCT family) WHEN 0 THEN NULL
	WHEN 1 THEN id || ' 性质代号不同，' || iif(:undated, '未写年代号，', '')
		|| '按 ' || number || ' 核对'
	ELSE '0 性质代号不同，有几种可能' END
FROM (SELECT s.id, s.number, s.family, s.year,
		CASE status_on(s.id, :day)
			WHEN '现行' THEN 1 WHEN '现行(将被代替)' THEN 1
			WHEN '部分被代替' THEN 1 WHEN '转为推荐性' THEN 1
			ELSE 0 END AS good
	FROM standard s WHERE s.bare = :bare AND (:undated OR s.year = :year)
	AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.from_key = s.key
		AND r.type IN ('amends', 'corrects'))
	ORDER BY good DESC, s.year DESC)
