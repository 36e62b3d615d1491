-- SPDX-License-Identifier: ISC
--
-- The fee that was confirmed to a person holds, whatever the course costs
-- later. A course has one name in all calendars, whoever asks for it and over
-- which protocol.

ALTER TABLE registration ADD COLUMN fee INTEGER -- in yuan, as confirmed; NULL:
	-- not confirmed yet
	CHECK (fee BETWEEN 0 AND 100000);
UPDATE registration SET fee = (SELECT fee FROM course WHERE id = course_id)
	WHERE state IN ('已确认', '已缴费', '签到', '发证');

ALTER TABLE course ADD COLUMN uid TEXT -- its name in calendars (RFC 5545, UID):
	-- random, never changed
	CHECK (length(uid) = 32 AND uid NOT GLOB '*[^0-9a-f]*');
UPDATE course SET uid = lower(hex(randomblob(16)));
