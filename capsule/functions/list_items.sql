-- list_items(text)
--
-- What a pasted list of standards holds: a JSON array of raw, number, key,
-- rest. What the number grammar cannot read is looked up as it stands: some
-- numbers, such as CSA's, are not of its kind.
SELECT json_group_array(json_object('raw', substr(raw, 1, 200),
	'number', coalesce(number, (SELECT s.number
		FROM standard s WHERE s.key = read.key
		AND std_number(s.number) IS NULL)), 'key', key,
	'rest', substr(rest, 1, 200)))
FROM (SELECT j.value ->> 'raw' AS raw, j.value ->> 'number' AS number,
	coalesce(j.value ->> 'key', std_key(j.value ->> 'raw')) AS key,
	coalesce(j.value ->> 'rest', '') AS rest
	FROM json_each(std_list(:text)) j ORDER BY j.key) AS read
