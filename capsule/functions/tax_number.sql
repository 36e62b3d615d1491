-- tax_number(text)
--
-- A 税号 as it is printed; NULL for what is none. One of 18 signs is a
-- 统一社会信用代码 with its check character, and nobody's identity number, which
-- has a day of birth in its middle. Older ones begin with the six digits of a
-- place.
SELECT said FROM (SELECT upper(replace(text_fold(:text), ' ', '')) AS said LIMIT 1)
WHERE length(said) IN (15, 17, 18, 20) AND said NOT GLOB '*[^0-9A-Z]*'
AND (substr(said, 1, 17) GLOB '*[^0-9]*' OR length(said) = 15
	OR date(substr(said, 7, 4) || '-' || substr(said, 11, 2) || '-'
		|| substr(said, 13, 2), '+0 days') IS NOT substr(said, 7, 4) || '-'
		|| substr(said, 11, 2) || '-' || substr(said, 13, 2)
	OR substr(said, 7, 2) NOT IN ('18', '19', '20'))
AND iif(length(said) = 18, credit_code(said) IS NOT NULL,
	said GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]*')
