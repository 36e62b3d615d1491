-- request_read(rule, text, choices)
--
-- An answer to a field as it is stored; NULL for one that is not understood. A
-- choice is named by its text or by its number in choices, from 1.
SELECT CASE :rule WHEN 'choice' THEN (SELECT value
		FROM json_each('[' || replace(json_quote(:choices), '、', '","') || ']')
		WHERE value = :text OR CAST(key + 1 AS TEXT) = typed)
	WHEN 'day' THEN iif(length(text_day(typed, '年月日号')) = 10,
		text_day(typed, '年月日号'), NULL)
	WHEN 'amount' THEN iif(typed NOT GLOB '*[^0-9]*' AND length(typed) <= 6
		AND typed + 0 > 0, CAST(typed + 0 AS TEXT), NULL)
	WHEN 'contact' THEN iif(:text GLOB '*[0-9@]*', :text, NULL)
	WHEN 'credit-code' THEN credit_code(:text)
	WHEN 'standard' THEN std_number(:text)
	WHEN 'list' THEN iif(list_readable(list_items(:text)) > 0, :text, NULL)
	WHEN 'report' THEN (SELECT number FROM validity_report
		WHERE number = replace(upper(typed), '—', '-') AND id NOT IN
		(SELECT report_id FROM validity_withdrawn))
	ELSE :text END
FROM (SELECT replace(text_fold(:text), ' ', '') AS typed LIMIT 1)
