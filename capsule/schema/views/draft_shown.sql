-- SPDX-License-Identifier: ISC
--
-- A published draft with its plan, and how many comments were handed in and
-- answered. `until` is the last day for comments; none is taken when the plan has
-- ended before (`ended`), and `closed_said` says which of the two it is.
CREATE VIEW draft_shown AS
SELECT d.id, d.plan_id, d.version, d.about, d.opened, d.until,
	p.number, p.title, p.level, p.action, p.stage,
	p.stage IN ('废止', '终止') AS ended,
	CASE WHEN p.stage IN ('废止', '终止')
		THEN '计划已' || p.stage || '，不再征求意见'
		ELSE '征求意见已在 ' || d.until || ' 截止' END AS closed_said,
	(SELECT count(*) FROM draft_comment WHERE draft_id = d.id
		AND state IN ('待处理', '采纳', '部分采纳', '不采纳')) AS comments,
	(SELECT count(*) FROM draft_comment WHERE draft_id = d.id
		AND state IN ('采纳', '部分采纳', '不采纳')) AS answered
FROM plan_draft d JOIN plan p ON p.id = d.plan_id
WHERE d.state = '公布';
