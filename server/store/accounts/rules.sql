-- SPDX-License-Identifier: ISC
--
-- The rules of accounts. A page or an operator acts by one row that is inserted
-- into a view; the view's trigger checks and stores. What a trigger refuses is
-- a violated constraint: the page's reply is bad (59), and nothing is stored.
--
-- :certificate is one text: 64 characters of the fingerprint, 64 of the key's
-- digest or blanks, 12 digits of the end in seconds since 1970, and the name.
-- (JSON's functions may not be called in triggers of SQLite 3.40, with
-- trusted_schema off.)

-- ---- what pages read --------------------------------------------------------

-- Who has entered so many codes that he has to wait, and how many seconds. An
-- address may be that of many readers.
CREATE VIEW account_wait AS
SELECT who, (hour + 1) * 3600 - now() AS seconds
FROM account_try
WHERE hour = now() / 3600
	AND n >= CASE WHEN who GLOB 'visitor:*' THEN 30 ELSE 10 END;

-- Whose codes are not looked at any more. It counts the code that is being
-- entered as well.
CREATE VIEW account_past AS
SELECT who
FROM account_try
WHERE hour = now() / 3600
	AND n > CASE WHEN who GLOB 'visitor:*' THEN 30 ELSE 10 END;

-- Which addresses have asked to come to an account so often that they wait, and
-- how many seconds. A day is one of UTC, with which :visitor changes: a request
-- waits in two of them at most. So one address comes with eight others while a
-- request waits, and an account has room for nine: one address alone pushes out
-- no request of another. In account_try who is `request ` and :visitor, and hour
-- the first of the day.
CREATE VIEW account_request_wait AS
SELECT substr(who, 9) AS who, (now() / 86400 + 1) * 86400 - now() AS seconds
FROM account_try
WHERE hour = now() / 86400 * 24 AND who GLOB 'request *' AND n >= 4;

-- What account_try has no more use for.
CREATE VIEW account_try_over AS
SELECT hour, who
FROM account_try
WHERE hour < CASE WHEN who GLOB 'request *' THEN now() / 86400 * 24
	ELSE now() / 3600 END;

-- Certificates that wait for the account's owner.
CREATE VIEW account_pending AS
SELECT id, account_id, label, fingerprint, first_seen,
	first_seen + 86400 AS until
FROM account_certificate
WHERE state = 'pending' AND first_seen > now() - 86400;

-- Certificates that end within 30, 7 or 1 days.
CREATE VIEW account_ending AS
SELECT id, account_id, label, until,
	CASE WHEN until <= now() + 86400 THEN 1
		WHEN until <= now() + 7 * 86400 THEN 7 ELSE 30 END AS days
FROM account_certificate
WHERE state = 'active' AND until > now() AND until <= now() + 30 * 86400;

-- Codes that can be entered: not used, not lapsed, of the present key.
CREATE VIEW account_code_good AS
SELECT c.id, c.account_id, c.kind, c.selector, c.hash, c.role, c.made, c.until
FROM account_code c LEFT JOIN account a ON a.id = c.account_id
WHERE c.used IS NULL AND (c.until IS NULL OR c.until > now())
	AND c.made_with = code_key() AND a.closed IS NULL;

-- ---- guards of the tables ---------------------------------------------------

CREATE TRIGGER account_name_insert BEFORE INSERT ON account BEGIN
	SELECT RAISE(ABORT, 'account: not a name, or another folded form')
	WHERE NEW.folded IS NOT name_fold(NEW.name);
END;

CREATE TRIGGER account_name_update BEFORE UPDATE OF name, folded ON account
BEGIN
	SELECT RAISE(ABORT, 'account: not a name, or another folded form')
	WHERE NEW.folded IS NOT name_fold(NEW.name);
END;

CREATE TRIGGER account_delete AFTER DELETE ON account BEGIN
	INSERT INTO account_log (at, who, act, account_id)
	VALUES (now(), 'owner', 'delete', OLD.id);
END;

CREATE TRIGGER account_certificate_insert BEFORE INSERT ON account_certificate
BEGIN
	SELECT RAISE(ABORT, 'account: not a fingerprint')
	WHERE length(NEW.fingerprint) <> 64
		OR NEW.fingerprint GLOB '*[^0-9a-f]*';
	SELECT RAISE(ABORT, 'account: 20 certificates are the most')
	WHERE NEW.state = 'active'
		AND (SELECT count(*) FROM account_certificate
			WHERE account_id = NEW.account_id AND state = 'active') >= 20;
	SELECT RAISE(ABORT, 'account: a label has at most 40 characters')
	WHERE length(NEW.label) > 40;
END;

CREATE TRIGGER account_certificate_label
BEFORE UPDATE OF label ON account_certificate BEGIN
	SELECT RAISE(ABORT, 'account: a label has at most 40 characters')
	WHERE length(NEW.label) > 40;
END;

CREATE TRIGGER account_certificate_state
BEFORE UPDATE OF state ON account_certificate WHEN NEW.state <> OLD.state BEGIN
	SELECT RAISE(ABORT, 'account: a revoked certificate stays revoked')
	WHERE OLD.state = 'revoked';
	SELECT RAISE(ABORT, 'account: a certificate is pending at first only')
	WHERE NEW.state = 'pending';
	SELECT RAISE(ABORT, 'account: 20 certificates are the most')
	WHERE NEW.state = 'active'
		AND (SELECT count(*) FROM account_certificate
			WHERE account_id = NEW.account_id AND state = 'active') >= 20;
	SELECT RAISE(ABORT, 'account: the request has lapsed')
	WHERE OLD.state = 'pending' AND NEW.state = 'active'
		AND OLD.first_seen <= now() - 86400;
	SELECT RAISE(ABORT, 'account: the last certificate is not revoked')
	WHERE OLD.state = 'active' AND NOT EXISTS (
		SELECT 1 FROM account_certificate WHERE state = 'active'
			AND account_id = OLD.account_id AND id <> OLD.id);
END;

CREATE TRIGGER account_certificate_changed
AFTER UPDATE OF state ON account_certificate WHEN NEW.state <> OLD.state BEGIN
	UPDATE account_certificate SET changed = now() WHERE id = NEW.id;
END;

CREATE TRIGGER account_log_update BEFORE UPDATE ON account_log BEGIN
	SELECT RAISE(ABORT, 'account_log: a row stays as it is');
END;

CREATE TRIGGER account_log_delete BEFORE DELETE ON account_log BEGIN
	SELECT RAISE(ABORT, 'account_log: a row stays');
END;

-- ---- what the owner does ----------------------------------------------------

-- Register: a new account with the request's certificate. name: see
-- name_fold(). certificate: :certificate. consent: the version of the text that
-- the page has shown.
CREATE VIEW account_register AS
SELECT NULL AS name, NULL AS certificate, NULL AS consent WHERE 0;

CREATE TRIGGER account_register_act INSTEAD OF INSERT ON account_register BEGIN
	SELECT RAISE(ABORT, 'account_register: no certificate')
	WHERE NEW.certificate IS NULL;
	SELECT RAISE(ABORT, 'account_register: no consent')
	WHERE coalesce(NEW.consent, '') = '';
	INSERT INTO account (name, folded, consent, consented, created, last_seen)
	VALUES (trim(NEW.name), name_fold(NEW.name), NEW.consent, now(), now(),
		now());
	DELETE FROM account_certificate WHERE state = 'pending' AND
		(fingerprint = substr(NEW.certificate, 1, 64)
		OR key = nullif(trim(substr(NEW.certificate, 65, 64)), ''));
	INSERT INTO account_certificate (account_id, fingerprint, key, label,
		until, state, first_seen, last_seen, changed)
	SELECT id, substr(NEW.certificate, 1, 64),
		nullif(trim(substr(NEW.certificate, 65, 64)), ''),
		substr(NEW.certificate, 141, 40),
		nullif(CAST(substr(NEW.certificate, 129, 12) AS INTEGER), 0),
		'active', now(), now(), now()
	FROM account WHERE folded = name_fold(NEW.name);
	INSERT INTO account_log (at, who, act, account_id, about)
	SELECT now(), 'owner', 'register', id, NEW.consent
	FROM account WHERE folded = name_fold(NEW.name);
END;

-- Take another name.
CREATE VIEW account_rename AS SELECT NULL AS account, NULL AS name WHERE 0;

CREATE TRIGGER account_rename_act INSTEAD OF INSERT ON account_rename BEGIN
	UPDATE account SET name = trim(NEW.name), folded = name_fold(NEW.name)
	WHERE id = NEW.account;
END;

-- Ask that the request's certificate may come to an account. It is pending
-- until another certificate of the account makes it active by an UPDATE. Of a
-- name that nobody has, nothing is stored, and nothing says so: what is refused
-- here hangs on the request alone. An account has room for nine requests, of
-- which the oldest yields. visitor: :visitor.
CREATE VIEW account_request AS
SELECT NULL AS name, NULL AS certificate, NULL AS label, NULL AS visitor
WHERE 0;

CREATE TRIGGER account_request_act INSTEAD OF INSERT ON account_request BEGIN
	SELECT RAISE(ABORT, 'account_request: no certificate')
	WHERE NEW.certificate IS NULL;
	SELECT RAISE(ABORT, 'account_request: a label has at most 40 characters')
	WHERE length(trim(NEW.label)) > 40;
	SELECT RAISE(ABORT, 'account_request: this address has asked too often')
	WHERE NEW.visitor IN (SELECT who FROM account_request_wait);
	DELETE FROM account_try
	WHERE (hour, who) IN (SELECT hour, who FROM account_try_over);
	INSERT INTO account_try (hour, who, n)
	SELECT now() / 86400 * 24, 'request ' || NEW.visitor, 1
	WHERE NEW.visitor IS NOT NULL
	ON CONFLICT (hour, who) DO UPDATE SET n = n + 1;
	DELETE FROM account_certificate WHERE state = 'pending' AND
		(first_seen <= now() - 86400
		OR fingerprint = substr(NEW.certificate, 1, 64)
		OR key = nullif(trim(substr(NEW.certificate, 65, 64)), ''));
	INSERT INTO account_certificate (account_id, fingerprint, key, label,
		until, state, first_seen, last_seen, changed)
	SELECT id, substr(NEW.certificate, 1, 64),
		nullif(trim(substr(NEW.certificate, 65, 64)), ''), trim(NEW.label),
		nullif(CAST(substr(NEW.certificate, 129, 12) AS INTEGER), 0),
		'pending', now(), now(), now()
	FROM account WHERE folded = name_fold(NEW.name) AND closed IS NULL
	ON CONFLICT DO NOTHING;
	DELETE FROM account_certificate WHERE id IN (
		SELECT c.id
		FROM account a JOIN account_certificate c ON c.account_id = a.id
		WHERE a.folded = name_fold(NEW.name) AND c.state = 'pending'
		ORDER BY c.first_seen DESC, c.id DESC LIMIT -1 OFFSET 9);
END;

-- Make codes that stand in the place of those of before. kind: pair or
-- recovery. codes: a JSON list of what code_new() has given, at most ten.
CREATE VIEW account_issue AS
SELECT NULL AS account, NULL AS kind, NULL AS codes WHERE 0;

CREATE TRIGGER account_issue_act INSTEAD OF INSERT ON account_issue BEGIN
	DELETE FROM account_code WHERE account_id = NEW.account AND kind = NEW.kind;
	INSERT INTO account_code (account_id, kind, selector, hash, made_with,
		made, until)
	SELECT NEW.account, NEW.kind, code_selector(value), code_hash(value),
		code_key(), now(), CASE NEW.kind WHEN 'pair' THEN now() + 900 END
	FROM json_each(NEW.codes) LIMIT 10;
END;

-- Count that somebody has entered a code.
CREATE VIEW account_attempt AS
SELECT NULL AS code, NULL AS fingerprint, NULL AS visitor WHERE 0;

CREATE TRIGGER account_attempt_act INSTEAD OF INSERT ON account_attempt BEGIN
	DELETE FROM account_try
	WHERE (hour, who) IN (SELECT hour, who FROM account_try_over);
	INSERT INTO account_try (hour, who, n)
	SELECT now() / 3600, who, 1 FROM (
		SELECT NEW.fingerprint AS who
		UNION SELECT NEW.visitor
		UNION SELECT 'account ' || account_id FROM account_code
		WHERE selector = code_selector(NEW.code))
	WHERE who IS NOT NULL
	ON CONFLICT (hour, who) DO UPDATE SET n = n + 1;
END;

-- Bring the request's certificate to the account that has made the code. The
-- page looks afterwards whether there is an active certificate. code: of a kind
-- pair or recovery. visitor: :visitor.
CREATE VIEW account_enter AS
SELECT NULL AS code, NULL AS certificate, NULL AS visitor, NULL AS label
WHERE 0;

CREATE TRIGGER account_enter_act INSTEAD OF INSERT ON account_enter BEGIN
	SELECT RAISE(ABORT, 'account_enter: no certificate')
	WHERE NEW.certificate IS NULL;
	INSERT INTO account_attempt (code, fingerprint, visitor)
	VALUES (NEW.code, substr(NEW.certificate, 1, 64), NEW.visitor);
	-- used is 0 until the end of this act: that is the code it is about.
	UPDATE account_code SET used = 0,
		used_by = substr(NEW.certificate, 1, 64)
	WHERE id = (SELECT id FROM account_code_good c
		WHERE kind IN ('pair', 'recovery')
			AND selector = code_selector(NEW.code)
			AND code_equal(hash, code_hash(NEW.code))
			AND NOT EXISTS (SELECT 1 FROM account_past
				WHERE who = 'account ' || c.account_id))
		AND NOT EXISTS (SELECT 1 FROM account_certificate
			WHERE state <> 'pending'
				AND (fingerprint = substr(NEW.certificate, 1, 64)
				OR key = nullif(trim(substr(NEW.certificate, 65, 64)), '')))
		AND NOT EXISTS (SELECT 1 FROM account_past
			WHERE who IN (NEW.visitor, substr(NEW.certificate, 1, 64)));
	DELETE FROM account_certificate
	WHERE state = 'pending'
		AND (fingerprint = substr(NEW.certificate, 1, 64)
			OR key = nullif(trim(substr(NEW.certificate, 65, 64)), ''))
		AND EXISTS (SELECT 1 FROM account_code WHERE used = 0);
	INSERT INTO account_certificate (account_id, fingerprint, key, label,
		until, state, first_seen, last_seen, changed)
	SELECT account_id, used_by,
		nullif(trim(substr(NEW.certificate, 65, 64)), ''), trim(NEW.label),
		nullif(CAST(substr(NEW.certificate, 129, 12) AS INTEGER), 0),
		'active', now(), now(), now()
	FROM account_code WHERE used = 0;
	INSERT INTO account_log (at, who, act, account_id, about)
	SELECT now(), 'owner', 'enter', account_id, kind
	FROM account_code WHERE used = 0;
	UPDATE account_code SET used = now() WHERE used = 0;
END;

-- Take the role that an invitation gives. The page looks afterwards whether the
-- account has a role.
CREATE VIEW account_join AS
SELECT NULL AS account, NULL AS code, NULL AS certificate, NULL AS visitor
WHERE 0;

CREATE TRIGGER account_join_act INSTEAD OF INSERT ON account_join BEGIN
	SELECT RAISE(ABORT, 'account_join: no certificate')
	WHERE NEW.certificate IS NULL;
	INSERT INTO account_attempt (code, fingerprint, visitor)
	VALUES (NEW.code, substr(NEW.certificate, 1, 64), NEW.visitor);
	UPDATE account_code SET used = 0,
		used_by = substr(NEW.certificate, 1, 64)
	WHERE id = (SELECT id FROM account_code_good
		WHERE kind = 'invitation' AND selector = code_selector(NEW.code)
			AND code_equal(hash, code_hash(NEW.code)))
		AND EXISTS (SELECT 1 FROM account
			WHERE id = NEW.account AND closed IS NULL)
		AND NOT EXISTS (SELECT 1 FROM account_past
			WHERE who IN (NEW.visitor, substr(NEW.certificate, 1, 64)));
	UPDATE account SET role = (SELECT role FROM account_code WHERE used = 0)
	WHERE id = NEW.account
		AND EXISTS (SELECT 1 FROM account_code WHERE used = 0);
	INSERT INTO account_log (at, who, act, account_id, about)
	SELECT now(), 'owner', 'join', NEW.account, role
	FROM account_code WHERE used = 0;
	UPDATE account_code SET used = now() WHERE used = 0;
END;

-- ---- what the operator does -------------------------------------------------

-- Give an account a role; NULL takes it away. who: the operator.
CREATE VIEW account_appoint AS
SELECT NULL AS account, NULL AS role, NULL AS who WHERE 0;

CREATE TRIGGER account_appoint_act INSTEAD OF INSERT ON account_appoint BEGIN
	UPDATE account SET role = NEW.role WHERE id = NEW.account;
	INSERT INTO account_log (at, who, act, account_id, about)
	VALUES (now(), NEW.who, 'role', NEW.account, NEW.role);
END;

-- Make an invitation, good for a week. code: of code_new().
CREATE VIEW account_invite AS
SELECT NULL AS code, NULL AS role, NULL AS who WHERE 0;

CREATE TRIGGER account_invite_act INSTEAD OF INSERT ON account_invite BEGIN
	INSERT INTO account_code (kind, selector, hash, made_with, role, made,
		until)
	VALUES ('invitation', code_selector(NEW.code), code_hash(NEW.code),
		code_key(), NEW.role, now(), now() + 7 * 86400);
	INSERT INTO account_log (at, who, act, about)
	VALUES (now(), NEW.who, 'invite', NEW.role);
END;

-- Close an account, with a reason for its owner; without one, open it again.
CREATE VIEW account_close AS
SELECT NULL AS account, NULL AS reason, NULL AS who WHERE 0;

CREATE TRIGGER account_close_act INSTEAD OF INSERT ON account_close BEGIN
	UPDATE account SET reason = NEW.reason,
		closed = CASE WHEN NEW.reason IS NOT NULL THEN now() END
	WHERE id = NEW.account;
	INSERT INTO account_log (at, who, act, account_id, about)
	VALUES (now(), NEW.who,
		CASE WHEN NEW.reason IS NULL THEN 'reopen' ELSE 'close' END,
		NEW.account, NEW.reason);
END;
