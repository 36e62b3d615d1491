-- SPDX-License-Identifier: ISC
--
-- By what plans are narrowed: a row for each property of a plan. `plan_id` is
-- the key. `at` orders the properties, `rank` their values.
CREATE VIEW plan_facet (plan_id, facet, value, at, label, rank) AS
	SELECT id, 'stage', stage, 1, stage, instr('预阶段 立项 起草 征求意见 审查 '
		|| '批准 出版 复审 废止 终止', stage) FROM plan
	UNION ALL SELECT id, 'level', level, 2, level || '标准',
		instr('国家 行业 地方 团体 企业', level) FROM plan
	UNION ALL SELECT id, 'action', action, 3, action, action = '修订' FROM plan
	UNION ALL SELECT id, 'year', substr(approved, 1, 4), 4,
		substr(approved, 1, 4) || ' 年下达', -substr(approved, 1, 4)
	FROM plan WHERE approved IS NOT NULL;
