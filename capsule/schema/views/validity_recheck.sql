-- SPDX-License-Identifier: ISC
--
-- The re-checks that a report's page tells: of the same list, for a day that the
-- report could not know yet and whose changes were announced when the re-check
-- was made. So no old or future day that somebody chooses stands there as news.
CREATE VIEW validity_recheck AS
	SELECT r.id, o.id AS report_id, r.number, r.day,
		date(r.created, 'unixepoch', '+8 hours') AS made
	FROM validity_report o
	JOIN validity_report r ON r.rerun_of = o.id
	WHERE NOT r.unlike
	AND r.day BETWEEN o.day AND date(r.created, 'unixepoch', '+8 hours')
	AND r.id NOT IN (SELECT report_id FROM validity_withdrawn);
