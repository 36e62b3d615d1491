-- SPDX-License-Identifier: ISC
--
-- The contact of an application that is settled is erased a year after its last
-- step; the notes about one that went with its account go, too.
-- /* in portions */
UPDATE application SET contact = NULL WHERE id IN (
	SELECT id FROM application a WHERE contact IS NOT NULL
	AND state IN ('通过', '不予通过')
	AND (SELECT max(created) FROM application_step
		WHERE application_id = a.id) < unixepoch() - 366 * 86400
	ORDER BY id LIMIT 1000);
DELETE FROM internal_note WHERE id IN (
	SELECT id FROM internal_note n WHERE kind = 'application'
	AND NOT EXISTS (SELECT 1 FROM application WHERE id = n.about)
	ORDER BY id LIMIT 1000);
