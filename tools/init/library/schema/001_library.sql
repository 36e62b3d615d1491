-- Each script of this folder is run once, in the order of its number.
-- The engine has made the tables of accounts before: `guiju help pages`.

CREATE TABLE shelf (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    slug TEXT NOT NULL UNIQUE, -- its address, /shelf/travel
    name TEXT NOT NULL
);

CREATE TABLE book (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    shelf_id INTEGER NOT NULL REFERENCES shelf,
    title TEXT NOT NULL CHECK (title <> ''),
    author TEXT NOT NULL,
    year INTEGER,
    note TEXT,
    copies INTEGER NOT NULL DEFAULT 1 CHECK (copies >= 0)
);

CREATE INDEX book_shelf ON book (shelf_id, title);

-- Who deletes his account deletes his loans with it.
CREATE TABLE loan (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    book_id INTEGER NOT NULL REFERENCES book,
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    since TEXT NOT NULL, -- day
    due TEXT NOT NULL,   -- day
    returned TEXT        -- day; NULL while the book is out
);

CREATE INDEX loan_book ON loan (book_id) WHERE returned IS NULL;
CREATE INDEX loan_due ON loan (due) WHERE returned IS NULL;
CREATE INDEX loan_account ON loan (account_id, returned);
-- Nobody has two copies of one book.
CREATE UNIQUE INDEX loan_once ON loan (account_id, book_id)
    WHERE returned IS NULL;

-- What stands on the shelf now.
CREATE VIEW book_shown AS
SELECT b.id, b.title, b.author, b.year, b.note, b.shelf_id,
    b.copies - (SELECT count(*) FROM loan l
        WHERE l.book_id = b.id AND l.returned IS NULL) AS here
FROM book b;
