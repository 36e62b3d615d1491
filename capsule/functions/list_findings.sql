-- list_findings(items, day)
--
-- The verdict on the first 500 lines of what list_items() gave, as of a day: a
-- JSON array of asked, key, said, fine. A last one says what was not checked.
SELECT json_group_array(json_object('asked', asked, 'key', key, 'said', said,
	'fine', fine))
FROM (SELECT raw AS asked, told ->> 'key' AS key,
		coalesce((told ->> 'found') || ' ', '') || (told ->> 'verdict')
		|| coalesce('，' || nullif((SELECT group_concat('代替它的是 '
				|| (value ->> 'number'), '、')
			FROM json_each(told -> 'successors')), ''), '')
		|| coalesce('；' || nullif(told ->> 'note', ''), '') AS said,
		told ->> 'verdict' = '有效' AS fine
	FROM (SELECT value ->> 'raw' AS raw, check_line(value ->> 'raw',
			value ->> 'number', value ->> 'key', value ->> 'rest', :day)
			AS told
		FROM json_each(:items) WHERE key < 500 ORDER BY key)
	UNION ALL SELECT '其余的标准号', NULL, '没有核对，一项最多自动核对 500 条，还有 '
		|| (json_array_length(:items) - 500) || ' 条', 0
	WHERE json_array_length(:items) > 500)
