-- SPDX-License-Identifier: ISC
--
-- Of a membership that ended 24 months ago the number, the kind and the days
-- stay; the name, the account, the consents and the notes go. The number is
-- not given again. Samples stay. /* in portions */
UPDATE member SET name = '（已删除）', account_id = NULL, listed = 0,
	erased = local_day(unixepoch())
WHERE id IN (SELECT id FROM member INDEXED BY member_kept
	WHERE erased IS NULL AND sample = 0
	AND until < date(local_day(unixepoch()), '-24 months')
	ORDER BY until LIMIT 500);
DELETE FROM member_consent WHERE id IN (
	SELECT c.id FROM member_consent c JOIN member m ON m.id = c.member_id
	WHERE m.erased IS NOT NULL LIMIT 1000);
DELETE FROM internal_note WHERE id IN (
	SELECT n.id FROM internal_note n JOIN member m ON m.id = n.about
	WHERE n.kind = 'member' AND m.erased IS NOT NULL LIMIT 1000);
