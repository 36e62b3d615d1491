-- request_findings(rule, text, day)
--
-- What the portal finds by itself about an answer as of a day: a JSON array of
-- asked, key, said, fine. Of other rules than own-number and list: nothing.
SELECT CASE :rule WHEN 'own-number' THEN json_array(json_object(
		'asked', :text, 'key', NULL, 'said', own_number_said(:text),
		'fine', own_number_said(:text) = '编号格式正确'))
	WHEN 'list' THEN (SELECT json_group_array(json_object('asked', raw,
			'key', told ->> 'key', 'said', coalesce((told ->> 'found') || ' ', '')
			|| (told ->> 'verdict') || coalesce('，' || nullif((SELECT
				group_concat('代替它的是 ' || (value ->> 'number'), '、')
				FROM json_each(told -> 'successors')), ''), '')
			|| coalesce('；' || nullif(told ->> 'note', ''), ''),
			'fine', told ->> 'verdict' = '有效'))
		FROM (SELECT value ->> 'raw' AS raw, check_line(value ->> 'raw',
				value ->> 'number', value ->> 'key', value ->> 'rest', :day)
				AS told
			FROM json_each(list_items(:text)) WHERE key < 200
			ORDER BY key))
	ELSE '[]' END
