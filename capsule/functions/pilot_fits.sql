-- pilot_fits(pilot, parts)
--
-- Whether a project has each property of a list, ["stage:待验收", "level:省级"].
SELECT NOT EXISTS (SELECT 1 FROM json_each(:parts) j WHERE NOT EXISTS (SELECT 1
	FROM pilot_facet WHERE pilot_id = :pilot AND facet || ':' || value = j.value))
