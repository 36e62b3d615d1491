-- SPDX-License-Identifier: ISC
--
-- A course with its seats: how many are taken, how many persons wait, how many
-- seats are left. 候补 and 取消 have no seat.
CREATE VIEW course_shown AS
SELECT c.*, (SELECT count(*) FROM registration WHERE course_id = c.id
		AND state IN ('待确认', '已确认', '已缴费', '签到', '发证')) AS taken,
	(SELECT count(*) FROM registration WHERE course_id = c.id
		AND state = '候补') AS waiting,
	max(0, c.seats - (SELECT count(*) FROM registration
		WHERE course_id = c.id AND state IN ('待确认', '已确认', '已缴费',
			'签到', '发证'))) AS seats_left
FROM course c;
