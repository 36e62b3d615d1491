-- SPDX-License-Identifier: ISC
--
-- A registration with its course. `fee`: what the person pays, as confirmed,
-- else as the course costs today. `seated`: since when it has a seat and waits
-- to be confirmed, which is later than `created` for who moved up.
CREATE VIEW registration_shown AS
	SELECT r.id, r.number, r.account_id, r.course_id, r.name, r.unit,
		r.contact, r.created, r.state, c.number AS course, c.title,
		c.first, c.last, c.deadline, c.contact AS enquiries,
		coalesce(r.fee, c.fee) AS fee,
		(SELECT min(created) FROM registration_step
			WHERE registration_id = r.id AND state = '待确认') AS seated
	FROM registration r JOIN course c ON c.id = r.course_id;
