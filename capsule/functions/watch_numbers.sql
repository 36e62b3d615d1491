-- watch_numbers(pasted)
--
-- The standards that a pasted list names, as what a list of 标准跟踪 follows:
-- JSON, a list of [kind, value, label]. A number without a year is a family.
-- What the number grammar cannot read is looked up as it stands.
SELECT json_group_array(json_array(iif(whole, 'standard', 'family'),
	iif(whole, key, family), iif(whole, number, family_number)))
FROM (SELECT coalesce(v ->> 'key', std_key(v ->> 'raw')) AS key,
		std_family(v ->> 'number') AS family,
		coalesce(v ->> 'number', s.number) AS number,
		v ->> 'number' AS family_number,
		std_year(v ->> 'number') IS NOT NULL OR s.id IS NOT NULL AS whole
	FROM (SELECT value AS v FROM json_each(std_list(:pasted))) j
	LEFT JOIN standard s
		ON s.key = coalesce(v ->> 'key', std_key(v ->> 'raw')))
WHERE number IS NOT NULL AND iif(whole, key, family) IS NOT NULL
