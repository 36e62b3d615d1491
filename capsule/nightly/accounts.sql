-- SPDX-License-Identifier: ISC
--
-- What is stored of readers goes when it has done its work: an account that
-- nobody has used for three years, with all that refers to it; codes that
-- nobody can enter any more. What an account follows may be much, so it goes
-- before the account. An account whose requests are kept, for as long as each
-- service says (nightly/request.sql), stays until they have gone.
-- /* in portions */
DELETE FROM watch_item WHERE id IN (SELECT i.id FROM account a
	JOIN watch_list l ON l.account_id = a.id
	JOIN watch_item i ON i.list_id = l.id
	WHERE a.last_seen < now() - 3 * 365 * 86400 LIMIT 2000);
DELETE FROM watch_notice WHERE (list_id, event_id) IN (
	SELECT n.list_id, n.event_id FROM account a
	JOIN watch_list l ON l.account_id = a.id
	JOIN watch_notice n ON n.list_id = l.id
	WHERE a.last_seen < now() - 3 * 365 * 86400 LIMIT 2000);
DELETE FROM account WHERE id IN (SELECT id FROM account a
	WHERE last_seen < now() - 3 * 365 * 86400
		AND NOT EXISTS (SELECT 1 FROM request r WHERE account_id = a.id)
		AND NOT EXISTS (SELECT 1 FROM watch_list l WHERE account_id = a.id
			AND (EXISTS (SELECT 1 FROM watch_item WHERE list_id = l.id)
			OR EXISTS (SELECT 1 FROM watch_notice WHERE list_id = l.id)))
	ORDER BY last_seen LIMIT 100);
DELETE FROM account_code WHERE id IN (SELECT id FROM account_code
	WHERE coalesce(used, until) < now() - 30 * 86400 LIMIT 1000);
DELETE FROM account_certificate WHERE id IN (SELECT id
	FROM account_certificate WHERE state = 'pending'
	AND first_seen < now() - 86400 LIMIT 1000);
