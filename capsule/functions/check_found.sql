-- check_found(raw, number, key, rest, day)
--
-- The standard that a line of a list means: its id, or 0, a blank, and how it was
-- found. Words with digits that are glued to a number are more of it, unless
-- they are the title of what was found; then nothing was.
SELECT CASE WHEN i.id IS NULL THEN i.match
	WHEN :rest = '' OR std_unread(:raw) IS NULL
		OR iif(i.exact IS NULL AND :key = std_family(:number),
			std_title_fits(s.title, :rest) = 1,
			std_title_fits(s.title, :rest) IS NOT 0)
		THEN coalesce(i.match, i.id || ' 标准号一致')
	ELSE '0 号码后连写的文字与名称不一致' END
FROM (SELECT exact, match, coalesce(exact,
		nullif(CAST(match AS INTEGER), 0)) AS id
	FROM (SELECT exact, iif(exact IS NULL,
			check_match(:number, :key, :day), NULL) AS match
		FROM (SELECT (SELECT id FROM standard WHERE key = :key) AS exact)
		LIMIT 1) LIMIT 1) i
LEFT JOIN standard s ON s.id = i.id
