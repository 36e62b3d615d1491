-- SPDX-License-Identifier: ISC
--
-- What a reader has said of drafts, as lines for that reader (data_line).
CREATE VIEW data_plan (account_id, section, place, line) AS
	SELECT c.account_id, 70, c.id, format('%s, %s, %s, %s, %s, %s, %s, %s',
		c.number, c.state, p.number, k.clause, c.kind, c.body, c.proposal,
		c.signed)
	FROM draft_comment c JOIN draft_clause k ON k.id = c.clause_id
	JOIN plan_draft d ON d.id = c.draft_id JOIN plan p ON p.id = d.plan_id
	UNION ALL
	SELECT c.account_id, 71, s.id, format('%s, %s, %s, %s, %s', c.number,
		local_time(s.created), s.name, s.state, s.note)
	FROM draft_comment c JOIN comment_step s ON s.comment_id = c.id;
