-- SPDX-License-Identifier: ISC
--
-- A comment that was begun and not handed in goes after 90 days; so does one that
-- was withdrawn, 90 days after that. 24 months after
-- the last day of its draft a comment that was handed in is nobody's any more:
-- it stays as it was answered, without the account and the name. Samples stay.
-- /* in portions */
DELETE FROM draft_comment WHERE id IN (SELECT id FROM draft_comment
	WHERE state = '草稿' AND created < unixepoch() - 90 * 86400
	ORDER BY created LIMIT 500);
DELETE FROM draft_comment WHERE id IN (SELECT comment_id FROM comment_step
	WHERE state = '撤回' AND created < unixepoch() - 90 * 86400
	ORDER BY created LIMIT 500);
UPDATE draft_comment SET account_id = NULL, signed = NULL WHERE id IN (
	SELECT c.id FROM plan_draft d JOIN draft_comment c ON c.draft_id = d.id
	WHERE d.state = '公布' AND d.until < date(local_day(unixepoch()), '-24 months')
	AND c.account_id IS NOT NULL LIMIT 500);
