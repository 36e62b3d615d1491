-- request_prompt(prompt, choices)
--
-- What the prompt of a field says: a field with choices numbers them.
SELECT CASE WHEN :choices IS NULL THEN :prompt ELSE :prompt || '，输入编号或者文字：'
	|| (SELECT group_concat((key + 1) || ' ' || value, '、')
		FROM json_each('[' || replace(json_quote(:choices), '、', '","') || ']')) END
