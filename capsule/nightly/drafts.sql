-- SPDX-License-Identifier: ISC
--
-- Drafts of lists are kept for 24 hours, with their lines. What is deleted is
-- overwritten, and is in no copy that is made afterwards. /* in portions */
DELETE FROM validity_draft_line WHERE (draft_id, position) IN (
	SELECT l.draft_id, l.position FROM validity_draft d
	JOIN validity_draft_line l ON l.draft_id = d.id
	WHERE d.created < unixepoch() - 86400 ORDER BY d.created LIMIT 1000);
-- A draft that still has lines is for a later portion.
DELETE FROM validity_draft WHERE id IN (
	SELECT id FROM validity_draft d WHERE created < unixepoch() - 86400
	AND NOT EXISTS (SELECT 1 FROM validity_draft_line WHERE draft_id = d.id)
	ORDER BY created LIMIT 1000);
