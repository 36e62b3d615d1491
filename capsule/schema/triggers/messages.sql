-- SPDX-License-Identifier: ISC
--
-- What was done stays as it was. A row of a log can neither be changed, nor
-- removed, nor written over (INSERT OR REPLACE); only the night removes what
-- belongs to a message that is a year old, or to a membership that was erased.
CREATE TRIGGER message_step_insert BEFORE INSERT ON message_step
WHEN EXISTS (SELECT 1 FROM message_step WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER message_step_update BEFORE UPDATE ON message_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER message_step_delete BEFORE DELETE ON message_step
WHEN (SELECT sample OR created > unixepoch() - 365 * 86400 FROM message
	WHERE id = OLD.message_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

-- The state of a message is that of its last step.
CREATE TRIGGER message_step_state AFTER INSERT ON message_step
BEGIN
	UPDATE message SET state = NEW.state,
		body = CASE NEW.state WHEN '已撤回' THEN '' ELSE body END
		WHERE id = NEW.message_id;
END;

CREATE TRIGGER message_update BEFORE UPDATE ON message
WHEN (OLD.id, OLD.number, OLD.code_hash, OLD.kind, OLD.created)
	IS NOT (NEW.id, NEW.number, NEW.code_hash, NEW.kind, NEW.created)
	OR (NEW.body IS NOT OLD.body AND NEW.state <> '已撤回')
	OR NEW.state IS NOT (SELECT state FROM message_step
		WHERE message_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'a message is not rewritten');
END;

CREATE TRIGGER internal_note_insert BEFORE INSERT ON internal_note
WHEN EXISTS (SELECT 1 FROM internal_note WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER internal_note_update BEFORE UPDATE ON internal_note
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER internal_note_delete BEFORE DELETE ON internal_note
WHEN CASE OLD.kind
	WHEN 'message' THEN EXISTS (SELECT 1 FROM message WHERE id = OLD.about)
	WHEN 'application' THEN EXISTS (SELECT 1 FROM application
		WHERE id = OLD.about)
	WHEN 'member' THEN EXISTS (SELECT 1 FROM member
		WHERE id = OLD.about AND erased IS NULL) ELSE 1 END
BEGIN
	SELECT raise(ABORT, 'a note is never removed');
END;

-- Who did what, when: written once.
CREATE TRIGGER editor_act_insert BEFORE INSERT ON editor_act
WHEN EXISTS (SELECT 1 FROM editor_act WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'the log of acts only grows');
END;

CREATE TRIGGER editor_act_update BEFORE UPDATE ON editor_act
BEGIN
	SELECT raise(ABORT, 'the log of acts only grows');
END;

CREATE TRIGGER editor_act_delete BEFORE DELETE ON editor_act
BEGIN
	SELECT raise(ABORT, 'the log of acts only grows');
END;
