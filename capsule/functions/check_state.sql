-- check_state(key, next, status, verdict, verified_at, day)
--
-- What a reader should know of the verdict on a standard, each after a ；.
SELECT iif(:status = '转为推荐性', '；已转为推荐性标准', '')
	|| CASE WHEN :verdict <> '待核实' THEN ''
		WHEN :verified_at IS NULL THEN '；题录没有与来源核对'
		ELSE '；日期不全' END
	|| CASE WHEN :verdict = '被代替' AND (SELECT count(*) FROM (SELECT 1
			FROM standard_succession WHERE to_key = :key
			AND succession = 2 LIMIT 2)) = 1
		THEN coalesce('；现行版 ' || current_after(:next, :day), '')
		ELSE '' END
