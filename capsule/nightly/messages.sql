-- SPDX-License-Identifier: ISC
--
-- Messages are kept for 12 months, with their steps and notes. What is deleted
-- is overwritten, and is in no copy that is made afterwards. Samples stay.
-- /* in portions */
DELETE FROM message_step WHERE id IN (
	SELECT s.id FROM message m JOIN message_step s ON s.message_id = m.id
	WHERE m.created < unixepoch() - 366 * 86400 AND m.sample = 0
	ORDER BY m.created LIMIT 1000);
-- A message that still has steps is for a later portion.
DELETE FROM message WHERE id IN (
	SELECT id FROM message m WHERE created < unixepoch() - 366 * 86400
	AND sample = 0
	AND NOT EXISTS (SELECT 1 FROM message_step WHERE message_id = m.id)
	ORDER BY created LIMIT 1000);
DELETE FROM message_visitor WHERE created < unixepoch() - 86400;
DELETE FROM internal_note WHERE id IN (
	SELECT id FROM internal_note n WHERE kind = 'message'
	AND NOT EXISTS (SELECT 1 FROM message WHERE id = n.about)
	ORDER BY id LIMIT 1000);
