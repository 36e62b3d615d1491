-- SPDX-License-Identifier: ISC
--
-- What the first years of imports have taught: each body counts its own
-- announcements, and two catalogues may hold the same edition.

-- 公告 2026年第1号 there is of every body that makes announcements. An address
-- that was given once is never given to another, also when the announcement
-- was taken back.
CREATE TABLE announcement_of_issuer (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- the address /announcement/ID
	number TEXT NOT NULL, -- '2026年第12号'
	issuer TEXT NOT NULL,
	title TEXT NOT NULL,
	day TEXT NOT NULL CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	url TEXT CHECK (url GLOB 'http*://*'), -- the official text
	created INTEGER NOT NULL, -- seconds since 1970; for feeds
	source TEXT NOT NULL,
	verified_at TEXT,
	batch_id INTEGER REFERENCES import_batch (id),
	UNIQUE (number, issuer)
) STRICT;
INSERT INTO announcement_of_issuer
SELECT id, number, issuer, title, day, url, created, source, verified_at,
	batch_id
FROM announcement ORDER BY id;
DROP TABLE announcement;
ALTER TABLE announcement_of_issuer RENAME TO announcement;
CREATE INDEX announcement_day ON announcement (day, id);

-- What a source has said of an edition before another source, or an
-- announcement, wrote over it. Who says only that again says nothing new.
CREATE TABLE standard_said (
	key TEXT NOT NULL,
	source TEXT NOT NULL,
	fingerprint TEXT NOT NULL, -- as in `standard`
	batch_id INTEGER REFERENCES import_batch (id), -- wrote over it
	PRIMARY KEY (key, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX standard_said_batch ON standard_said (batch_id);
