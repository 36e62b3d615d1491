-- own_number_said(text)
--
-- Whether the number of an enterprise's own standard is well formed, and what
-- it lacks: Q/ with the code of the enterprise, a number and a year.
SELECT CASE WHEN number IS NULL OR std_level(number) <> '企业'
		THEN '编号格式不符，应写作“Q/企业代号 顺序号-年代号”，例如 Q/ABC 001-2026'
	WHEN std_rest(:text) <> '' THEN '编号后面还有读不懂的文字'
	WHEN std_year(number) IS NULL THEN '编号缺少年代号'
	WHEN length(std_year(number)) <> 4 THEN '年代号应写四位'
	ELSE '编号格式正确' END
FROM (SELECT std_number(:text) AS number LIMIT 1)
