-- SPDX-License-Identifier: ISC
--
-- The tables of accounts. They come before the capsule's own schema, so that
-- its tables may refer to account (id). rules.sql guards them.

-- A reader who has registered. A table of the capsule with what belongs to him
-- says REFERENCES account (id) ON DELETE CASCADE: deleting the account then
-- deletes all.
CREATE TABLE IF NOT EXISTS account (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
	name TEXT NOT NULL, -- as its owner writes it, for others to see
	folded TEXT NOT NULL UNIQUE, -- name_fold(name): two names that look the
		-- same to a reader are one name
	role TEXT -- a word such as editor; NULL: no role
		CHECK (role GLOB '[a-z]*' AND role NOT GLOB '*[^a-z0-9-]*'
			AND length(role) <= 30),
	consent TEXT NOT NULL, -- the version of the text that the owner agreed to
	consented INTEGER NOT NULL, -- when; seconds since 1970, as all times here
	created INTEGER NOT NULL, -- when the account was registered
	last_seen INTEGER NOT NULL, -- the last visit, to a day
	closed INTEGER, -- when the operator has closed it; NULL: it is open
	reason TEXT, -- why it is closed, for its owner
	CHECK ((closed IS NULL) = (reason IS NULL))
) STRICT;

-- The client certificates of an account.
CREATE TABLE IF NOT EXISTS account_certificate (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- :cert_id of a request with
		-- this certificate; never used twice
	account_id INTEGER NOT NULL REFERENCES account (id) -- whose it is
		ON DELETE CASCADE,
	fingerprint TEXT NOT NULL UNIQUE, -- SHA-256 of the certificate; that of
		-- the newest, if its owner has renewed it with the same key
	key TEXT UNIQUE, -- SHA-256 of the public key; NULL: not known
	label TEXT NOT NULL, -- the owner's word for the device
	until INTEGER, -- when the certificate ends; NULL: not known
	state TEXT NOT NULL -- pending: it waits for another certificate of the
		-- account, and lapses after a day
		CHECK (state IN ('active', 'pending', 'revoked')),
	first_seen INTEGER NOT NULL, -- when it came to the account
	last_seen INTEGER NOT NULL, -- its last visit, to a day
	changed INTEGER NOT NULL, -- when state became what it is
	reason TEXT -- why it was revoked, one line; NULL: nobody said
) STRICT;
CREATE INDEX IF NOT EXISTS account_certificate_account
	ON account_certificate (account_id);
CREATE INDEX IF NOT EXISTS account_certificate_pending
	ON account_certificate (account_id) WHERE state = 'pending';
-- A request's certificate is looked up by a part of its digests, and compared
-- with the whole in constant time.
CREATE INDEX IF NOT EXISTS account_certificate_fingerprint
	ON account_certificate (substr(fingerprint, 1, 16));
CREATE INDEX IF NOT EXISTS account_certificate_key
	ON account_certificate (substr(key, 1, 16));

-- One-time codes. The code itself is not stored.
CREATE TABLE IF NOT EXISTS account_code (
	id INTEGER PRIMARY KEY, -- orders the codes
	account_id INTEGER REFERENCES account (id) -- whose it is; NULL: an
		ON DELETE CASCADE, -- invitation, which is for anybody
	kind TEXT NOT NULL -- pair: for another certificate, a quarter of an
		-- hour; recovery: the same, without end; invitation: for a role
		CHECK (kind IN ('pair', 'recovery', 'invitation')),
	selector TEXT NOT NULL, -- code_selector(): the first four characters
	hash TEXT NOT NULL, -- code_hash(): keyed, with a key that is in no database
	made_with TEXT NOT NULL, -- code_key(): the name of that key
	role TEXT -- that an invitation gives
		CHECK (role GLOB '[a-z]*' AND role NOT GLOB '*[^a-z0-9-]*'
			AND length(role) <= 30),
	made INTEGER NOT NULL, -- when the code was shown
	until INTEGER, -- when it lapses; NULL: never
	used INTEGER, -- when it was used; NULL: not yet
	used_by TEXT, -- the fingerprint of the certificate that has used it
	CHECK ((kind = 'invitation') = (account_id IS NULL)),
	CHECK ((kind = 'invitation') = (role IS NOT NULL))
) STRICT;
CREATE INDEX IF NOT EXISTS account_code_account ON account_code (account_id);
CREATE INDEX IF NOT EXISTS account_code_selector ON account_code (selector);
CREATE INDEX IF NOT EXISTS account_code_now ON account_code (used)
	WHERE used = 0;

-- How often a code was entered, for an hour: by a certificate, from an address,
-- for an account. And how often an address has asked to come to an account, for
-- a day.
CREATE TABLE IF NOT EXISTS account_try (
	hour INTEGER NOT NULL, -- hours since 1970; of a day its first
	who TEXT NOT NULL, -- a fingerprint, :visitor, `account ID`, or `request `
		-- and :visitor
	n INTEGER NOT NULL, -- how often
	PRIMARY KEY (hour, who)
) STRICT, WITHOUT ROWID;

-- What happened to accounts and roles. Nobody changes a row.
CREATE TABLE IF NOT EXISTS account_log (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the rows
	at INTEGER NOT NULL, -- when
	who TEXT NOT NULL, -- `owner`, or the operator's name
	act TEXT NOT NULL, -- register, enter, role, invite, join, close, reopen,
		-- delete
	account_id INTEGER, -- of which account; it may be deleted since
	about TEXT -- the role, the kind of the code, the reason
) STRICT;
CREATE INDEX IF NOT EXISTS account_log_account ON account_log (account_id);
