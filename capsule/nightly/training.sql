-- SPDX-License-Identifier: ISC
--
-- A registration is kept for 24 months after its course, with its steps and
-- notes. What is deleted is overwritten, and is in no copy that is made
-- afterwards. The certificate stays, without a name. Samples stay.
-- /* in portions */
DELETE FROM registration WHERE id IN (
	SELECT r.id FROM course c JOIN registration r ON r.course_id = c.id
	WHERE c.state <> '草稿' AND c.last < date(local_day(unixepoch()), '-24 months')
	AND r.sample = 0 LIMIT 500);
