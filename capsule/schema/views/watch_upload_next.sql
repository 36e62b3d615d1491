-- SPDX-License-Identifier: ISC
--
-- The next 500 numbers of large uploads whose editions are still to be
-- noted.
CREATE VIEW watch_upload_next AS
	SELECT id, kind, value FROM watch_item
	WHERE filled IS NOT NULL AND kind IN ('standard', 'family')
	ORDER BY id LIMIT 500;
