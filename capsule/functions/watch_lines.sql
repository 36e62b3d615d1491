-- watch_lines(list, text)
--
-- A text with one number of a standard per line, for a list of 标准跟踪, as JSON:
-- `lines`, how many are not empty; `wanted`, what is to be added, as
-- [kind, value, label]; `unread`, the first 200 that are not understood, as
-- [line, words]; `spans`, [state, how many, which lines] of the states added,
-- doubled (the list or an earlier line has it) and unread. A number without a
-- year is a family. What the number grammar cannot read, and digits alone, which
-- may be of several families, are looked up as they are.
WITH line (line, words, number) AS MATERIALIZED (
		SELECT key + 1, trim(value, ' 　'),
			CASE WHEN std_number(trim(value, ' 　')) GLOB '*[A-Z]*'
				THEN std_number(trim(value, ' 　')) END
		FROM json_each('["' || replace(substr(json_quote(replace(text_clean(
			replace(:text, char(13, 10), char(10))), '\', ' ')), 2),
			'\n', '","') || ']') WHERE trim(value, ' 　') <> ''),
	wish (line, words, kind, value, label) AS MATERIALIZED (
		SELECT l.line, l.words,
			iif(l.number IS NULL OR std_year(l.number) IS NOT NULL,
				'standard', 'family'),
			iif(l.number IS NULL, s.key, iif(std_year(l.number) IS NULL,
				std_family(l.number), std_key(l.number))),
			coalesce(l.number, s.number) FROM line l LEFT JOIN standard s
			ON l.number IS NULL AND s.key = std_key(l.words)),
	found (line, words, kind, value, label, state) AS MATERIALIZED (
		SELECT line, words, kind, value, label, CASE
			WHEN value IS NULL THEN 'unread'
			WHEN row_number() OVER (PARTITION BY kind, value
				ORDER BY line) > 1
				OR EXISTS (SELECT 1 FROM watch_item i
				WHERE i.list_id = :list AND i.kind = w.kind
				AND i.value = w.value) THEN 'doubled'
			ELSE 'added' END FROM wish w),
	span (state, low, high, n) AS (SELECT state, min(line), max(line), count(*)
		FROM (SELECT state, line, line - row_number() OVER (
			PARTITION BY state ORDER BY line) AS island FROM found)
		GROUP BY state, island ORDER BY state, min(line))
SELECT json_object('lines', (SELECT count(*) FROM found),
	'wanted', json((SELECT json_group_array(json_array(kind, value, label))
		FROM (SELECT * FROM found WHERE state = 'added' ORDER BY line))),
	'unread', json((SELECT json_group_array(json_array(line,
		substr(words, 1, 100))) FROM (SELECT line, words FROM found
		WHERE state = 'unread' ORDER BY line LIMIT 200))),
	'spans', json((SELECT json_group_array(json_array(column1, (SELECT
			coalesce(sum(n), 0) FROM span WHERE state = column1),
		(SELECT group_concat(iif(n = 1, low, low || '–' || high), '、')
			FROM (SELECT * FROM span WHERE state = column1
				ORDER BY low))))
		FROM (VALUES ('added'), ('doubled'), ('unread')))))
