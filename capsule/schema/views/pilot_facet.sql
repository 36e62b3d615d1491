-- SPDX-License-Identifier: ISC
--
-- By what projects are narrowed: a row for each property of a project.
-- `pilot_id` is the key. `at` orders the properties, `rank` their values.
CREATE VIEW pilot_facet (pilot_id, facet, value, at, label, rank) AS
	SELECT id, 'level', level, 1, level, instr('国家级 省级 市县级', level)
	FROM pilot
	UNION ALL SELECT id, 'field', field, 2, field, 0 FROM pilot
	UNION ALL SELECT id, 'stage', stage, 3, stage, instr('立项 建设中 '
		|| '中期评估 待验收 已验收 已终止 已撤销', stage) FROM pilot
	UNION ALL SELECT id, 'late', '1', 4, '已超期', 0 FROM pilot
	WHERE due < local_day(unixepoch())
		AND stage NOT IN ('已验收', '已终止', '已撤销')
	UNION ALL SELECT id, 'result', result, 5, '验收' || result,
		result = '不通过' FROM pilot WHERE stage = '已验收'
	UNION ALL SELECT id, 'year', substr(started, 1, 4), 6,
		substr(started, 1, 4) || ' 年开始', -substr(started, 1, 4)
	FROM pilot WHERE started IS NOT NULL;
