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

-- The last word about the public list holds; each word stays as it was, for as
-- long as the name is kept.
CREATE TRIGGER member_consent_insert BEFORE INSERT ON member_consent
WHEN EXISTS (SELECT 1 FROM member_consent WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a consent is never rewritten');
END;

CREATE TRIGGER member_consent_update BEFORE UPDATE ON member_consent
BEGIN
	SELECT raise(ABORT, 'a consent is never rewritten');
END;

CREATE TRIGGER member_consent_delete BEFORE DELETE ON member_consent
WHEN EXISTS (SELECT 1 FROM member
	WHERE id = OLD.member_id AND erased IS NULL)
BEGIN
	SELECT raise(ABORT, 'a consent is never removed');
END;

CREATE TRIGGER member_consent_listed AFTER INSERT ON member_consent
BEGIN
	UPDATE member SET listed = NEW.listed WHERE id = NEW.member_id;
END;

-- A consent belongs to whoever gave it, and goes with the account.
CREATE TRIGGER member_account_deleted AFTER UPDATE OF account_id ON member
WHEN OLD.account_id IS NOT NULL AND NEW.account_id IS NULL AND NEW.listed = 1
BEGIN
	INSERT INTO member_consent (member_id, created, name, listed)
	VALUES (NEW.id, unixepoch(), '系统', 0);
END;

CREATE TRIGGER member_erased BEFORE UPDATE ON member
WHEN OLD.erased IS NOT NULL
BEGIN
	SELECT raise(ABORT, 'a membership that was erased stays so');
END;
