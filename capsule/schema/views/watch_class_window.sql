-- SPDX-License-Identifier: ISC
--
-- The first class that somebody has begun to follow, and the next two thousand
-- standards to look through for it: those after `filled`, up to `upto`, which
-- is NULL when no standard is left.
CREATE VIEW watch_class_window (item_id, kind, value, filled, upto) AS
	SELECT id, kind, value, filled, (SELECT max(id) FROM (
		SELECT s.id FROM standard s WHERE s.id > i.filled
		ORDER BY s.id LIMIT 2000))
	FROM watch_item i WHERE filled IS NOT NULL
		AND kind IN ('ics', 'ccs', 'committee') ORDER BY id LIMIT 1;
