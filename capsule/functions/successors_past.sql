-- successors_past(key, ended, day)
--
-- The same as successors_on(), for a standard of which a successor is void:
-- what replaces that one stands in its place.
SELECT json_group_array(json_object('key', key, 'number', number,
	'effective', effective))
FROM (SELECT r.from_key AS key, coalesce(o.number, r.from_number) AS number,
		r.effective
	FROM (SELECT type, from_key, from_number, effective
		FROM standard_succession WHERE to_key = :key LIMIT 100) r
	LEFT JOIN standard o ON o.key = r.from_key
	WHERE (o.issued IS NULL OR o.issued <= :day)
	AND (:ended OR coalesce(o.stated, '')
		NOT IN ('制定中', '即将发布', '项目终止'))
	ORDER BY r.type, coalesce(o.sort, r.from_key))
