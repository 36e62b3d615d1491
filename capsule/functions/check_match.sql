-- check_match(number, key, day)
--
-- The standard that a number means which the catalogue does not have as it is
-- written: as an amendment of one; without the month that some have; without a
-- year; as GBZ for GB/Z and the reverse; with another nature. Bare digits are
-- never taken for a standard. The standard's id, or 0, a blank, and how it was
-- found.
SELECT CASE WHEN :number IS NULL THEN '0 无法辨认'
	WHEN coalesce(i.prefix, '') = ''
		THEN '0 只有数字，没有标准代号'
	ELSE coalesce(
	(SELECT s.id || ' 本库没有此修改单，按所修改的标准核对'
		FROM standard s WHERE s.key = std_amended(:number)),
	(SELECT CASE count(*) WHEN 1 THEN s.id || ' 未写月份，按 '
		|| s.number || ' 核对' END FROM standard s
		WHERE s.family = i.family AND NOT i.undated
		AND (s.key GLOB :key || '-[01][0-9]' OR s.key GLOB
		:key || '-[12][0-9][0-9][0-9]-[01][0-9]')),
	iif(i.undated, check_undated(i.family, :day), NULL),
	(SELECT s.id || ' GBZ 与 GB/Z 写法相近，按 ' || s.number || ' 核对'
		FROM standard s WHERE i.prefix IN ('GBZ', 'GB/Z')
		AND s.bare = iif(i.prefix = 'GBZ', 'GB-', 'GBZ-') || std_digits(:number)
		AND s.prefix = iif(i.prefix = 'GBZ', 'GB/Z', 'GBZ')
		AND (i.undated OR s.year = std_year(:number))
		AND NOT EXISTS (SELECT 1 FROM standard o WHERE o.family = i.family)
		ORDER BY s.year DESC LIMIT 1),
	CASE WHEN NOT EXISTS (SELECT 1 FROM standard s WHERE s.family = i.family)
		THEN check_nature(std_bare(:number), std_year(:number), i.undated, :day) END,
	'0 没有匹配') END
FROM (SELECT family, prefix, coalesce(:key = family, 0) AS undated
	FROM (SELECT std_family(:number) AS family, std_prefix(:number) AS prefix
		LIMIT 1) LIMIT 1) i
LIMIT 1
