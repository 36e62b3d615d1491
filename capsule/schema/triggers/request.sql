-- SPDX-License-Identifier: ISC
--
-- The steps, notes and findings of a request stay as they were. They go only
-- with the request, and that with its account or by the night.
CREATE TRIGGER request_step_insert BEFORE INSERT ON request_step
WHEN EXISTS (SELECT 1 FROM request_step WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER request_step_update BEFORE UPDATE ON request_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER request_step_delete BEFORE DELETE ON request_step
WHEN EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

CREATE TRIGGER request_note_insert BEFORE INSERT ON request_note
WHEN EXISTS (SELECT 1 FROM request_note WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER request_note_update BEFORE UPDATE ON request_note
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER request_note_delete BEFORE DELETE ON request_note
WHEN EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id)
BEGIN
	SELECT raise(ABORT, 'a note is never removed');
END;

CREATE TRIGGER request_finding_insert BEFORE INSERT ON request_finding
WHEN NEW.round IS NOT (SELECT round FROM request WHERE id = NEW.request_id)
	OR EXISTS (SELECT 1 FROM request_finding WHERE request_id = NEW.request_id
		AND round = NEW.round AND position = NEW.position)
BEGIN
	SELECT raise(ABORT, 'a finding is never rewritten');
END;

CREATE TRIGGER request_finding_update BEFORE UPDATE ON request_finding
BEGIN
	SELECT raise(ABORT, 'a finding is never rewritten');
END;

CREATE TRIGGER request_finding_delete BEFORE DELETE ON request_finding
WHEN EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id)
BEGIN
	SELECT raise(ABORT, 'a finding is never removed');
END;

-- A request goes from state to state as request_step_next says, through the
-- stages of its own service. It is submitted with a number and with all that
-- is required.
CREATE TRIGGER request_step_allowed BEFORE INSERT ON request_step
WHEN NOT EXISTS (SELECT 1 FROM request r WHERE r.id = NEW.request_id
		AND (r.state = NEW.state OR EXISTS (SELECT 1 FROM request_step_next
			WHERE state = r.state AND next = NEW.state)))
	OR (NEW.stage IS NOT NULL AND NOT EXISTS (SELECT 1 FROM request r
		JOIN request_stage s ON s.kind_id = r.kind_id
		WHERE r.id = NEW.request_id AND s.name = NEW.stage))
BEGIN
	SELECT raise(ABORT, 'no such step from this state');
END;

CREATE TRIGGER request_step_submit BEFORE INSERT ON request_step
WHEN NEW.state = '已提交' AND EXISTS (SELECT 1 FROM request_shown
	WHERE id = NEW.request_id AND state IN ('草稿', '补正')
	AND (number IS NULL OR missing > 0))
BEGIN
	SELECT raise(ABORT, 'a request is submitted whole');
END;

-- What is due is due by the days of the service; a reader has 90 days for a
-- 补正, which opens the next round of answers. Who withdraws takes back what is
-- secret.
CREATE TRIGGER request_step_state AFTER INSERT ON request_step
BEGIN
	UPDATE request SET state = NEW.state, stage = NEW.stage,
		round = round + (NEW.state = '补正' AND state <> '补正'),
		due = CASE WHEN NEW.state = state THEN due
			WHEN NEW.state = '已提交' THEN date(local_day(NEW.created),
				'+' || (SELECT answer_days FROM request_kind
					WHERE id = kind_id) || ' days')
			WHEN NEW.state = '受理' THEN date(local_day(NEW.created),
				'+' || (SELECT work_days FROM request_kind
					WHERE id = kind_id) || ' days')
			WHEN NEW.state = '补正'
				THEN date(local_day(NEW.created), '+90 days')
			WHEN NEW.state = '办理中' THEN due END
		WHERE id = NEW.request_id;
	UPDATE request_value SET value = NULL
		WHERE NEW.state = '撤回' AND request_id = NEW.request_id
		AND value IS NOT NULL AND field_id IN (SELECT id FROM request_field
			WHERE form = 'secret');
END;

CREATE TRIGGER request_update BEFORE UPDATE ON request
WHEN (OLD.id, OLD.kind_id, OLD.account_id, OLD.created)
	IS NOT (NEW.id, NEW.kind_id, NEW.account_id, NEW.created)
	OR (OLD.number IS NOT NULL AND NEW.number IS NOT OLD.number)
	OR (NEW.state, NEW.stage) IS NOT (SELECT state, stage FROM request_step
		WHERE request_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'a request is not rewritten');
END;

-- Answers and files are the reader's while the request is a draft or in 补正.
-- What an earlier round has stays; only what is secret can be erased. A file of an
-- earlier round no longer counts if the reader says so, and counts again.
CREATE TRIGGER request_value_insert BEFORE INSERT ON request_value
WHEN NOT EXISTS (SELECT 1 FROM request r JOIN request_field f
	ON f.id = NEW.field_id AND f.kind_id = r.kind_id AND f.form <> 'file'
	WHERE r.id = NEW.request_id AND r.round = NEW.round
	AND r.state IN ('草稿', '补正'))
BEGIN
	SELECT raise(ABORT, 'what was submitted is not rewritten');
END;

CREATE TRIGGER request_value_update BEFORE UPDATE ON request_value
WHEN (OLD.request_id, OLD.field_id, OLD.round)
		IS NOT (NEW.request_id, NEW.field_id, NEW.round)
	OR NOT ((NEW.value IS NULL AND (SELECT form FROM request_field
			WHERE id = OLD.field_id) = 'secret')
		OR EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id
			AND round = OLD.round AND state IN ('草稿', '补正')))
BEGIN
	SELECT raise(ABORT, 'what was submitted is not rewritten');
END;

CREATE TRIGGER request_value_delete BEFORE DELETE ON request_value
WHEN EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id)
BEGIN
	SELECT raise(ABORT, 'what was submitted is not rewritten');
END;

CREATE TRIGGER request_file_insert BEFORE INSERT ON request_file
WHEN NOT EXISTS (SELECT 1 FROM request r WHERE r.id = NEW.request_id
	AND r.round = NEW.round AND iif(NEW.field_id IS NULL, r.state <> '草稿',
		r.state IN ('草稿', '补正') AND EXISTS (SELECT 1 FROM request_field
			WHERE id = NEW.field_id AND kind_id = r.kind_id
			AND form = 'file')))
	OR EXISTS (SELECT 1 FROM request_file WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'what was submitted is not rewritten');
END;

CREATE TRIGGER request_file_update BEFORE UPDATE ON request_file
WHEN (OLD.id, OLD.request_id, OLD.field_id, OLD.round, OLD.created, OLD.mime,
		OLD.bytes, OLD.sha256)
	IS NOT (NEW.id, NEW.request_id, NEW.field_id, NEW.round, NEW.created,
		NEW.mime, NEW.bytes, NEW.sha256)
	OR NEW.data IS NOT OLD.data OR OLD.field_id IS NULL
	OR NOT EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id
		AND state IN ('草稿', '补正')
		AND (NEW.dropped IS NULL OR NEW.dropped = round))
BEGIN
	SELECT raise(ABORT, 'a file is never rewritten');
END;

CREATE TRIGGER request_file_delete BEFORE DELETE ON request_file
WHEN EXISTS (SELECT 1 FROM request WHERE id = OLD.request_id)
	AND (OLD.field_id IS NULL OR NOT EXISTS (SELECT 1 FROM request
		WHERE id = OLD.request_id AND round = OLD.round
		AND state IN ('草稿', '补正')))
BEGIN
	SELECT raise(ABORT, 'what was submitted is not rewritten');
END;

-- A field keeps its meaning for the answers that are there.
CREATE TRIGGER request_field_insert BEFORE INSERT ON request_field
WHEN NEW.rule IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM request_rule WHERE name = NEW.rule)
BEGIN
	SELECT raise(ABORT, 'no such rule: see the view request_rule');
END;

CREATE TRIGGER request_field_update BEFORE UPDATE ON request_field
WHEN (NEW.rule IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM request_rule WHERE name = NEW.rule))
	OR ((OLD.id, OLD.kind_id, OLD.form) IS NOT (NEW.id, NEW.kind_id, NEW.form)
		AND (EXISTS (SELECT 1 FROM request_value WHERE field_id = OLD.id)
			OR EXISTS (SELECT 1 FROM request_file WHERE field_id = OLD.id)))
BEGIN
	SELECT raise(ABORT, 'a field that was answered keeps its form; a rule is one of request_rule');
END;
