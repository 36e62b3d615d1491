-- The first script that makes the database. Each script of this folder is run
-- once, in the order of its number, when the server starts or reloads.

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL CHECK (title <> ''),
    body TEXT NOT NULL,
    day TEXT NOT NULL DEFAULT (date('now')) -- 2026-11-23
);

-- For the list of the newest: without it that page would read all notes each
-- time, and `guiju check` would say so.
CREATE INDEX note_day ON note (day);
