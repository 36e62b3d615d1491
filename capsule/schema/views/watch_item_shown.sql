-- SPDX-License-Identifier: ISC
--
-- What a list follows, with the address of its page. `standard_id`: of an
-- edition that the catalogue has.
CREATE VIEW watch_item_shown AS
	SELECT i.id, i.list_id, i.kind, i.value, i.note, i.created,
		s.id AS standard_id,
		CASE i.kind WHEN 'standard' THEN coalesce(s.number, i.label)
			WHEN 'family' THEN i.label || '（各版）'
			WHEN 'ics' THEN 'ICS ' || i.value
			WHEN 'ccs' THEN 'CCS ' || i.value
			WHEN 'search' THEN '检索：' || i.value
			ELSE i.label END AS what,
		CASE i.kind WHEN 'standard' THEN s.name
			WHEN 'ics' THEN (SELECT coalesce(title, title_en)
				FROM ics WHERE code = i.value)
			WHEN 'ccs' THEN (SELECT title FROM ccs
				WHERE code = i.value) END AS name,
		CASE i.kind WHEN 'standard' THEN '/standard/' || i.value
			WHEN 'family' THEN '/family/' || i.value
			WHEN 'ics' THEN '/ics/' || i.value
			WHEN 'ccs' THEN '/ccs/' || i.value
			WHEN 'committee' THEN '/issuer/' || i.value END AS address
	FROM watch_item i
	LEFT JOIN standard s ON i.kind = 'standard' AND s.key = i.value;
