-- SPDX-License-Identifier: ISC
--
-- What may follow what; a seat is given once, by whoever gives it.
CREATE TRIGGER registration_step_insert BEFORE INSERT ON registration_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten')
		WHERE EXISTS (SELECT 1 FROM registration_step WHERE id = NEW.id);
	SELECT raise(ABORT, 'a step that does not follow')
		WHERE coalesce((SELECT state FROM registration_step
			WHERE registration_id = NEW.registration_id
			ORDER BY id DESC LIMIT 1), '') || '>' || NEW.state
		NOT IN ('>候补', '>待确认', '候补>待确认', '待确认>已确认',
			'已确认>已缴费', '已确认>签到', '已缴费>签到', '签到>发证',
			'候补>取消', '待确认>取消', '已确认>取消', '已缴费>取消',
			'候补>候补', '待确认>待确认', '已确认>已确认', '已缴费>已缴费',
			'签到>签到', '发证>发证', '取消>取消');
	SELECT raise(ABORT, 'no seat is left')
		FROM registration r JOIN course_shown c ON c.id = r.course_id
		WHERE r.id = NEW.registration_id AND NEW.state = '待确认'
		AND r.state = '候补' AND c.seats_left < 1;
END;

CREATE TRIGGER registration_step_update BEFORE UPDATE ON registration_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER registration_step_delete BEFORE DELETE ON registration_step
WHEN EXISTS (SELECT 1 FROM registration WHERE id = OLD.registration_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

-- The state of a registration is that of its last step; what is confirmed is
-- confirmed with its fee. A seat that is given
-- back goes to the next who waits, up to the day on which the course begins.
-- Triggers are not recursive: the steps made here do not come back here, so the
-- last statement writes their state.
CREATE TRIGGER registration_step_state AFTER INSERT ON registration_step
BEGIN
	UPDATE registration SET state = NEW.state, fee = CASE
		WHEN NEW.state = '已确认' AND fee IS NULL
		THEN (SELECT fee FROM course WHERE id = course_id) ELSE fee END
	WHERE id = NEW.registration_id;
	INSERT INTO registration_step (registration_id, created, name, state, note)
	SELECT n.id, NEW.created, '系统', '待确认', '有了名额，按先后递补'
	FROM registration r JOIN registration_next n ON n.course_id = r.course_id
	WHERE r.id = NEW.registration_id AND NEW.state = '取消'
		AND n.first >= local_day(NEW.created);
	UPDATE registration SET state = '待确认'
	WHERE NEW.state = '取消' AND state = '候补'
		AND course_id = (SELECT course_id FROM registration
			WHERE id = NEW.registration_id)
		AND (SELECT state FROM registration_step
			WHERE registration_id = registration.id
			ORDER BY id DESC LIMIT 1) = '待确认';
END;

-- A registration goes with its account: its seat goes to the next.
CREATE TRIGGER registration_delete AFTER DELETE ON registration
BEGIN
	INSERT INTO registration_step (registration_id, created, name, state, note)
	SELECT id, unixepoch(), '系统', '待确认', '有了名额，按先后递补'
	FROM registration_next
	WHERE course_id = OLD.course_id AND first >= local_day(unixepoch());
END;

-- More seats are for those who wait.
CREATE TRIGGER course_seats AFTER UPDATE OF seats ON course
BEGIN
	INSERT INTO registration_step (registration_id, created, name, state, note)
	SELECT id, unixepoch(), '系统', '待确认', '增加了名额，按先后递补'
	FROM registration_next
	WHERE course_id = NEW.id AND first >= local_day(unixepoch());
END;

CREATE TRIGGER registration_update BEFORE UPDATE ON registration
WHEN (OLD.id, OLD.number, OLD.course_id, OLD.account_id, OLD.created)
	IS NOT (NEW.id, NEW.number, NEW.course_id, NEW.account_id, NEW.created)
	OR NEW.state IS NOT (SELECT state FROM registration_step
		WHERE registration_id = NEW.id ORDER BY id DESC LIMIT 1)
	OR (OLD.fee IS NOT NULL AND NEW.fee IS NOT OLD.fee)
BEGIN
	SELECT raise(ABORT, 'a registration is not rewritten');
END;

-- A course has its name in calendars from the beginning.
CREATE TRIGGER course_uid AFTER INSERT ON course WHEN NEW.uid IS NULL
BEGIN
	UPDATE course SET uid = lower(hex(randomblob(16))) WHERE id = NEW.id;
END;

CREATE TRIGGER course_uid_stays BEFORE UPDATE OF uid ON course
WHEN OLD.uid IS NOT NULL AND NEW.uid IS NOT OLD.uid
BEGIN
	SELECT raise(ABORT, 'a course keeps its name in calendars');
END;

CREATE TRIGGER registration_note_insert BEFORE INSERT ON registration_note
WHEN EXISTS (SELECT 1 FROM registration_note WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER registration_note_update BEFORE UPDATE ON registration_note
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER registration_note_delete BEFORE DELETE ON registration_note
WHEN EXISTS (SELECT 1 FROM registration WHERE id = OLD.registration_id)
BEGIN
	SELECT raise(ABORT, 'a note is never removed');
END;
