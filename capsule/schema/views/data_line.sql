-- SPDX-License-Identifier: ISC
--
-- All that is stored of a reader, as lines: each section under its heading. A
-- service has a view of its own here, and its headings in data_heading; so each
-- line comes into one of the parts that a reader gets (my/data/_part.txt).
CREATE VIEW data_line (account_id, section, place, line) AS
	SELECT a.id, h.section, 0, h.heading
		FROM account a CROSS JOIN data_heading h
	UNION ALL SELECT account_id, section, place, line FROM data_account
	UNION ALL SELECT account_id, section, place, line FROM data_tracking
	UNION ALL SELECT account_id, section, place, line FROM data_association
	UNION ALL SELECT account_id, section, place, line FROM data_shop
	UNION ALL SELECT account_id, section, place, line FROM data_training
	UNION ALL SELECT account_id, section, place, line FROM data_request
	UNION ALL SELECT account_id, section, place, line FROM data_plan
	UNION ALL SELECT account_id, section, place, line FROM data_kept;
