-- SPDX-License-Identifier: ISC
--
-- Which lists follow an edition. `standard_id` is the key: a statement asks for
-- one edition. A list stands here once for each of its items that fits.
CREATE VIEW watch_follow (standard_id, list_id, kind, filled) AS
	SELECT s.id, i.list_id, i.kind, i.filled FROM standard s
	JOIN watch_item i ON i.kind = 'standard' AND i.value = s.key
	UNION ALL
	SELECT s.id, i.list_id, i.kind, i.filled FROM standard s
	JOIN watch_item i ON i.kind = 'family' AND i.value = s.family
	UNION ALL
	SELECT s.id, i.list_id, i.kind, i.filled FROM standard s
	JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
	JOIN watch_item i ON i.kind = 'ics' AND i.value IN (j.value,
		substr(j.value, 1, 6), substr(j.value, 1, 2))
	WHERE s.ics IS NOT NULL
	UNION ALL
	SELECT s.id, i.list_id, i.kind, i.filled FROM standard s
	JOIN watch_item i ON i.kind = 'ccs'
		AND i.value IN (s.ccs, substr(s.ccs, 1, 1))
	UNION ALL
	SELECT s.id, i.list_id, i.kind, i.filled FROM standard s
	JOIN watch_item i ON i.kind = 'committee'
		AND i.value = CAST(s.committee_id AS TEXT);
