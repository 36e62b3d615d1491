-- SPDX-License-Identifier: ISC
--
-- What the association stores of a reader, as lines for that reader (data_line).
CREATE VIEW data_association (account_id, section, place, line) AS
	SELECT account_id, 30, id, format('%s, %s, %s, %s, %s, %s, %s', number,
		state, kind, name, contact, listed, about)
	FROM application
	UNION ALL
	SELECT a.account_id, 31, s.id, format('%s, %s, %s, %s, %s', a.number,
		local_time(s.created), s.name, s.state, s.note)
	FROM application a JOIN application_step s ON s.application_id = a.id
	UNION ALL
	SELECT account_id, 32, id, format('%s, %s, %s, %s, %s, %s', number, kind,
		name, since, until, listed)
	FROM member
	UNION ALL
	SELECT m.account_id, 33, c.id, format('%s, %s, %s, %s', m.number,
		local_time(c.created), c.name, c.listed)
	FROM member m JOIN member_consent c ON c.member_id = m.id;
