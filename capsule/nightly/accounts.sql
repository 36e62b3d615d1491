-- SPDX-License-Identifier: ISC
--
-- What is stored of readers goes when it has done its work: an account that
-- nobody has used for three years, with all that refers to it; codes that
-- nobody can enter any more. /* in portions */
DELETE FROM account WHERE id IN (SELECT id FROM account
	WHERE last_seen < now() - 3 * 365 * 86400 ORDER BY last_seen LIMIT 100);
DELETE FROM account_code WHERE id IN (SELECT id FROM account_code
	WHERE coalesce(used, until) < now() - 30 * 86400 LIMIT 1000);
DELETE FROM account_certificate WHERE id IN (SELECT id
	FROM account_certificate WHERE state = 'pending'
	AND first_seen < now() - 86400 LIMIT 1000);
