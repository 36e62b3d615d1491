-- plan_fits(plan, parts)
--
-- Whether a plan has each property of a list, ["stage:审查", "level:地方"].
SELECT NOT EXISTS (SELECT 1 FROM json_each(:parts) j WHERE NOT EXISTS (SELECT 1
	FROM plan_facet WHERE plan_id = :plan AND facet || ':' || value = j.value))
