-- SPDX-License-Identifier: ISC
--
-- A comment that was answered, as everybody may read it: without whose it is,
-- but for the name that its writer wants to be shown. `weight` is what it takes of
-- a page: its bytes, with those that stand around it and before each line, and at
-- least the twentieth part of the 100,000 that a page holds.
CREATE VIEW comment_answered AS
SELECT c.id, c.draft_id, c.clause_id, c.number, k.clause, k.title AS clause_title,
	k.position, c.kind, c.body, c.proposal, coalesce(c.signed, '匿名') AS author,
	c.state AS verdict, a.note AS reason, a.created AS answered,
	max(5000, 300 + length(CAST(c.body || coalesce(c.proposal, '') || a.note
		AS BLOB)) + 4 * (SELECT length(lines) - length(replace(lines,
		char(10), '')) FROM (SELECT c.body || coalesce(c.proposal, '')
		|| a.note AS lines))) AS weight
FROM draft_comment c JOIN draft_clause k ON k.id = c.clause_id
JOIN comment_step a ON a.id = (SELECT max(id) FROM comment_step
	WHERE comment_id = c.id)
WHERE c.state IN ('采纳', '部分采纳', '不采纳');
