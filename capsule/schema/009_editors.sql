-- SPDX-License-Identifier: ISC
--
-- The editors: whoever shows one of these client certificates may read and act
-- below /editor/. An operator adds one by its fingerprint, see README.md.
CREATE TABLE editor (
	fingerprint TEXT PRIMARY KEY -- SHA-256 of the certificate; the page
		-- /editor/ shows it to whoever is not here yet
		CHECK (length(fingerprint) = 64
			AND fingerprint NOT GLOB '*[^0-9a-f]*'),
	name TEXT NOT NULL CHECK (name = trim(name) AND name <> ''),
	added INTEGER NOT NULL DEFAULT (unixepoch()) -- seconds since 1970
) STRICT, WITHOUT ROWID;

-- What they did, for the other editors. The name is that of the day: an
-- editor may leave.
CREATE TABLE editor_act (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	act TEXT NOT NULL,   -- 通过异议, 清除词语 ...
	about TEXT NOT NULL, -- a number, a word
	created INTEGER NOT NULL -- seconds since 1970
) STRICT;
