-- check_unread(raw, number, listed, rest, match)
--
-- Why a line of a list was not found, and which standards have its digits, each
-- after a ；. listed: its number, NULL where nothing can be looked up by it.
SELECT CASE WHEN unread IS NULL THEN '' ELSE '；“' || substr(unread, 1, 40)
		|| iif(length(unread) BETWEEN 2 AND 7
			AND unread GLOB '[-–—－:：,，]*[0-9]*',
			'”不像年代号', '”没有读懂') END
	|| CASE WHEN :listed IS NOT NULL THEN coalesce(
		iif(:match = '没有匹配', '；本库有同号标准 ', '；可能是 ')
		|| (SELECT group_concat(number, '、') FROM (SELECT s.number
			FROM standard s WHERE s.bare = std_bare(:listed)
			OR (:match = '只有数字，没有标准代号'
				AND s.digits = std_digits(:listed))
			ORDER BY s.sort DESC LIMIT 5)), '')
	WHEN :raw GLOB '*[0-9][OoIl]*' OR :raw GLOB '*[OoIl][0-9]*'
		THEN '；请检查字母 O 与数字 0、字母 I 与数字 1' ELSE '' END
FROM (SELECT iif(:number IS NULL OR :rest <> '', std_unread(:raw), NULL)
	AS unread LIMIT 1)
LIMIT 1
