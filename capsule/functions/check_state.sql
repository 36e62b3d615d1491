-- check_state(key, next, status, verdict, verified_at, day)
--
-- What a reader should know of the verdict on a standard, each after a ；. The
-- one in force is told only where one alone has taken its place, and that one
-- has been replaced, too. Where none that has taken it is void, there is no need
-- to ask who stands in the place of that one.
SELECT iif(:status = '转为推荐性', '；已转为推荐性标准', '')
	|| CASE WHEN :verdict <> '待核实' THEN ''
		WHEN :verified_at IS NULL THEN '；题录没有与来源核对'
		ELSE '；日期不全' END
	|| CASE WHEN :verdict = '被代替' AND (SELECT successor_key
			FROM standard WHERE key = :next) IS NOT NULL
		AND (SELECT iif(max(void IS 1),
			(SELECT count(*) FROM (SELECT 1 FROM standard_succession
			WHERE to_key = :key AND succession = 2 LIMIT 2)),
			count(*)) FROM (SELECT n.void FROM relation r
			LEFT JOIN standard n ON n.key = r.from_key
			WHERE r.to_key = :key AND r.succession = 2 LIMIT 100)) = 1
		THEN coalesce('；现行版 ' || current_after(:next, :day), '')
		ELSE '' END
