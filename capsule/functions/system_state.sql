-- system_state(effective, void, day)
--
-- Whether a published system holds on a day.
SELECT CASE WHEN :void <= :day THEN '已废止（' || :void || ' 起）'
	WHEN :effective > :day THEN '尚未实施（' || :effective || ' 起实施）'
	WHEN :void IS NOT NULL THEN '现行（' || :void || ' 起废止）'
	ELSE '现行' END
