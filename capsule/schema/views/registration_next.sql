-- SPDX-License-Identifier: ISC
--
-- Who of a waiting list has a seat now, the first who came first.
CREATE VIEW registration_next AS
SELECT w.id, w.course_id, c.first
FROM course_shown c JOIN (SELECT id, course_id, row_number()
		OVER (PARTITION BY course_id ORDER BY id) AS place
		FROM registration WHERE state = '候补') w ON w.course_id = c.id
WHERE c.state = '公布' AND w.place <= c.seats_left;
