-- SPDX-License-Identifier: ISC
--
-- What the courses store of a reader, as lines for that reader (data_line).
CREATE VIEW data_training (account_id, section, place, line) AS
	SELECT r.account_id, 50, r.id, format('%s, %s, %s, %s, %s, %s, %s, %s',
		r.number, r.course, r.state, r.name, r.unit, r.contact, r.fee,
		f.number)
	FROM registration_shown r
	LEFT JOIN certificate f ON f.registration_id = r.id
	UNION ALL
	SELECT r.account_id, 51, s.id, format('%s, %s, %s, %s, %s', r.number,
		local_time(s.created), s.name, s.state, s.note)
	FROM registration r
	JOIN registration_step s ON s.registration_id = r.id;
