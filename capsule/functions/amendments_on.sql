-- amendments_on(key, day)
--
-- The numbers of what had amended or corrected a standard by a day; NULL for
-- none.
SELECT group_concat(number, '、')
FROM (SELECT coalesce(o.number, r.from_number) AS number
	FROM relation r LEFT JOIN standard o ON o.key = r.from_key
	WHERE r.to_key = :key AND r.type IN ('amends', 'corrects')
	AND (o.issued IS NULL OR o.issued <= :day)
	AND coalesce(o.stated, '') NOT IN ('制定中', '即将发布', '项目终止')
	ORDER BY r.type, coalesce(o.sort, r.from_key) LIMIT 30)
