-- SPDX-License-Identifier: ISC
--
-- The steps of an application stay as they were. They go only with the
-- application, and that with its account.
CREATE TRIGGER application_step_insert BEFORE INSERT ON application_step
WHEN EXISTS (SELECT 1 FROM application_step WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER application_step_update BEFORE UPDATE ON application_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER application_step_delete BEFORE DELETE ON application_step
WHEN EXISTS (SELECT 1 FROM application WHERE id = OLD.application_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

-- The state of an application is that of its last step; it is to be decided
-- within seven days of the applicant's last word.
CREATE TRIGGER application_step_state AFTER INSERT ON application_step
BEGIN
	UPDATE application SET state = NEW.state,
		due = CASE WHEN NEW.state = '已提交' AND NEW.name = '申请人'
			THEN date(local_day(NEW.created), '+7 days')
			ELSE due END
		WHERE id = NEW.application_id;
END;

CREATE TRIGGER application_update BEFORE UPDATE ON application
WHEN (OLD.id, OLD.number, OLD.account_id, OLD.created)
	IS NOT (NEW.id, NEW.number, NEW.account_id, NEW.created)
	OR NEW.state IS NOT (SELECT state FROM application_step
		WHERE application_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'an application is not rewritten');
END;
