-- SPDX-License-Identifier: ISC
--
-- How an answer can be checked (request_field.rule; request_read() does it),
-- and what it then is, for who writes the rows of a form.
CREATE VIEW request_rule AS
	SELECT column1 AS name, column2 AS told
	FROM (VALUES ('choice', 'one of the choices'),
		('day', 'a day, stored as 2026-12-01'),
		('amount', 'a whole number from 1 to 999999'),
		('contact', 'a telephone number or an address of mail'),
		('credit-code', '统一社会信用代码, with its check character'),
		('standard', 'the number of one standard, stored as it is printed'),
		('own-number', 'the number of an enterprise''s own standard; findings '
			|| 'say whether it is well formed'),
		('list', 'numbers of standards; findings say which are in force'),
		('report', 'the number of a validity report that is not withdrawn'));
