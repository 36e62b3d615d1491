-- SPDX-License-Identifier: ISC
--
-- A project goes from stage to stage as pilot_next says; its stage and result are
-- those of its last step.
CREATE TRIGGER pilot_step_insert BEFORE INSERT ON pilot_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten')
		WHERE EXISTS (SELECT 1 FROM pilot_step WHERE id = NEW.id);
	SELECT raise(ABORT, 'a stage that does not follow')
		WHERE EXISTS (SELECT 1 FROM pilot_step
			WHERE pilot_id = NEW.pilot_id)
		AND NOT EXISTS (SELECT 1 FROM pilot p
			JOIN pilot_next n ON n.stage = p.stage
			WHERE p.id = NEW.pilot_id AND n.next = NEW.stage
				AND coalesce(n.result = p.result, 1));
END;

CREATE TRIGGER pilot_step_update BEFORE UPDATE ON pilot_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER pilot_step_delete BEFORE DELETE ON pilot_step
WHEN EXISTS (SELECT 1 FROM pilot WHERE id = OLD.pilot_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

CREATE TRIGGER pilot_step_stage AFTER INSERT ON pilot_step
BEGIN
	UPDATE pilot SET (stage, result) = (NEW.stage, CASE NEW.stage
		WHEN '已撤销' THEN result ELSE NEW.result END)
	WHERE id = NEW.pilot_id;
END;

CREATE TRIGGER pilot_update BEFORE UPDATE OF stage, result ON pilot
WHEN NEW.stage IS NOT (SELECT stage FROM pilot_step WHERE pilot_id = NEW.id
		ORDER BY id DESC LIMIT 1)
	OR (NEW.result IS NOT (SELECT result FROM pilot_step
		WHERE pilot_id = NEW.id ORDER BY id DESC LIMIT 1)
		AND NEW.stage <> '已撤销')
BEGIN
	SELECT raise(ABORT, 'a stage is that of the last step');
END;
