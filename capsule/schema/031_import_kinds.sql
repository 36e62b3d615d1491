-- SPDX-License-Identifier: ISC
--
-- An import may be of anything that has a script in import/: the two tables of
-- imports no longer list what. A CHECK changes with its table only, so both are
-- copied; no row changes.

CREATE TABLE import_batch_copy (
	id INTEGER PRIMARY KEY CHECK (id >= 1), -- what `guiju import undo` asks for
	kind TEXT NOT NULL -- what was imported: the name of a script of import/
		CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z_]*'),
	file TEXT NOT NULL, -- as the operator named it, without folders
	source TEXT, -- whose data it is, for the reader
	verified_at TEXT, -- the day of the data
	started INTEGER NOT NULL, -- seconds since 1970
	added INTEGER NOT NULL DEFAULT 0, -- how many rows of the file were new,
	changed INTEGER NOT NULL DEFAULT 0, -- said otherwise than before,
	unchanged INTEGER NOT NULL DEFAULT 0, -- said nothing new,
	refused INTEGER NOT NULL DEFAULT 0, -- could not be understood
	undone INTEGER -- when it was taken back; NULL: it was not
) STRICT;
INSERT INTO import_batch_copy (id, kind, file, source, verified_at, started,
	added, changed, unchanged, refused, undone)
SELECT id, kind, file, source, verified_at, started, added, changed, unchanged,
	refused, undone FROM import_batch;
DROP TABLE import_batch;
ALTER TABLE import_batch_copy RENAME TO import_batch;

CREATE TABLE import_journal_copy (
	id INTEGER PRIMARY KEY CHECK (id >= 1), -- orders the notes: the oldest
		-- comes back last
	batch_id INTEGER NOT NULL REFERENCES import_batch (id), -- who wrote over it
	kind TEXT NOT NULL -- of which table the row is
		CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z_]*'),
	key TEXT NOT NULL, -- of the standard; of the relation's `from_key`; what
		-- the file calls the row of another table
	before TEXT NOT NULL -- the row as it was, JSON
) STRICT;
INSERT INTO import_journal_copy (id, batch_id, kind, key, before)
SELECT id, batch_id, kind, key, before FROM import_journal;
DROP TABLE import_journal;
ALTER TABLE import_journal_copy RENAME TO import_journal;
CREATE INDEX import_journal_batch ON import_journal (batch_id);
CREATE INDEX import_journal_key ON import_journal (key, batch_id);
