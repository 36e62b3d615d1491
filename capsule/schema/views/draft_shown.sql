-- SPDX-License-Identifier: ISC
--
-- A published draft with its plan, and how many comments were handed in and
-- answered. `until` is the last day for comments.
CREATE VIEW draft_shown AS
SELECT d.id, d.plan_id, d.version, d.about, d.opened, d.until,
	p.number, p.title, p.level, p.action, p.stage,
	(SELECT count(*) FROM draft_comment WHERE draft_id = d.id
		AND state IN ('待处理', '采纳', '部分采纳', '不采纳')) AS comments,
	(SELECT count(*) FROM draft_comment WHERE draft_id = d.id
		AND state IN ('采纳', '部分采纳', '不采纳')) AS answered
FROM plan_draft d JOIN plan p ON p.id = d.plan_id
WHERE d.state = '公布';
