-- SPDX-License-Identifier: ISC
--
-- The next thousand editions of the first class that somebody has begun to
-- follow, after watch_item.filled.
CREATE VIEW watch_class_next (standard_id) AS
	WITH item AS MATERIALIZED (SELECT kind, value, filled FROM watch_item
		WHERE filled IS NOT NULL ORDER BY id LIMIT 1)
	SELECT id FROM (
		SELECT k.standard_id AS id FROM item JOIN standard_ics k
			ON k.code >= item.value AND k.code < item.value || '/'
		WHERE item.kind = 'ics' AND k.standard_id > item.filled
		UNION
		SELECT s.id FROM item JOIN standard s ON s.ccs >= item.value
			AND s.ccs <= iif(length(item.value) = 1,
				item.value || '~', item.value)
		WHERE item.kind = 'ccs' AND s.id > item.filled
		UNION
		SELECT s.id FROM item JOIN standard s
			ON s.committee_id = CAST(item.value AS INTEGER)
		WHERE item.kind = 'committee' AND s.id > item.filled)
	ORDER BY id LIMIT 1000;
