-- SPDX-License-Identifier: ISC
--
-- The head of a report as its pages show it. Its days are those of Beijing in
-- whatever zone the portal is: they are part of what was hashed.
CREATE VIEW validity_report_shown AS
	SELECT r.id, r.number, r.day, r.lines, r.sha256, r.rerun_of, r.unlike,
		coalesce(r.data_day, '未注明') AS data_day,
		date(r.created, 'unixepoch', '+8 hours') AS made,
		datetime(r.created, 'unixepoch', '+8 hours') AS made_at,
		o.number AS old_number,
		(SELECT group_concat(c.key || ' ' || c.value, '，')
			FROM json_each(r.counts) c) AS tally
	FROM validity_report r
	LEFT JOIN validity_report o ON o.id = r.rerun_of;
