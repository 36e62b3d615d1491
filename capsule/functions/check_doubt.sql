-- check_doubt(title, rest)
--
-- What stands behind a number in a list and was not checked, or does not fit
-- the standard's title, each after a ；.
SELECT iif(std_title_fits(:title, :rest) = 0,
	'；清单所附名称与题录名称不一致', '')
	|| CASE WHEN :rest GLOB '*[0-9]*' THEN coalesce('；所附文字中还有 '
		|| (SELECT group_concat(value ->> 'number', '、')
			FROM json_each(std_mentions(:rest)))
		|| '，没有核对', '') ELSE '' END
	|| CASE WHEN :rest GLOB '[~～至到][0-9]*' OR (:rest GLOB '[0-9]*-[0-9]*'
		AND :rest NOT GLOB '[12][0-9][0-9][0-9]-[01][0-9]*')
		THEN '；所附“' || substr(:rest, 1, 40) || '”没有核对'
		ELSE '' END
