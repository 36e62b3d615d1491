-- shop_fact(field, said)
--
-- What an editor has typed for a field of an item, as it is stored; '' for
-- 无 or -, where the field may be empty. NULL: not understood.
SELECT CASE
	WHEN typed IN ('无', '-', '－', '—') THEN iif(:field IN ('number', 'pages',
		'price', 'member_price', 'stock', 'lead_days'), '', NULL)
	WHEN :field = 'kind' THEN iif(typed IN ('国内标准', '国外标准', '图书'),
		typed, NULL)
	WHEN :field = 'number' THEN iif(length(typed) <= 60
		AND digits GLOB '*[0-9]*' AND std_key(typed) IS NOT NULL, coalesce(std_number(typed), typed),
		NULL)
	WHEN :field = 'title' THEN iif(length(typed) BETWEEN 1 AND 200, typed,
		NULL)
	WHEN :field = 'format' THEN iif(typed IN ('纸质', '电子授权'), typed,
		NULL)
	WHEN :field = 'language' THEN iif(length(typed) BETWEEN 1 AND 20, typed,
		NULL)
	WHEN :field IN ('price', 'member_price') THEN
		CAST(fen(trim(replace(text_fold(typed), '元', ''))) AS TEXT)
	WHEN :field IN ('pages', 'stock', 'lead_days') THEN iif(digits <> ''
		AND digits NOT GLOB '*[^0-9]*' AND length(digits) <= 5
		AND (:field <> 'pages' OR digits + 0 > 0),
		CAST(digits + 0 AS TEXT), NULL)
	WHEN :field = 'on_sale' THEN CASE typed WHEN '是' THEN '1'
		WHEN '否' THEN '0' END END
FROM (SELECT typed, trim(text_fold(typed)) AS digits FROM (SELECT
	trim(replace(replace(text_clean(:said), char(10), ' '), char(9), ' '),
		' 　') AS typed))
