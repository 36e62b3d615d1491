-- credit_code(text)
--
-- A 统一社会信用代码 (GB 32100) as it is printed: 18 characters of which the last
-- one checks the others. NULL for what is none.
SELECT code FROM (SELECT upper(replace(text_fold(:text), ' ', '')) AS code,
	'0123456789ABCDEFGHJKLMNPQRTUWXY' AS signs LIMIT 1)
WHERE length(code) = 18 AND code NOT GLOB '*[^0-9A-HJ-NPQRTUWXY]*'
AND (WITH RECURSIVE place (i, weight) AS (VALUES (1, 1) UNION ALL
		SELECT i + 1, weight * 3 % 31 FROM place WHERE i < 17)
	SELECT (31 - sum((instr(signs, substr(code, i, 1)) - 1) * weight) % 31) % 31
	FROM place) = instr(signs, substr(code, 18, 1)) - 1
