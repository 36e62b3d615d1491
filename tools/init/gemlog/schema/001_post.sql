-- Each script of this folder is run once, in the order of its number.

CREATE TABLE post (
    id INTEGER PRIMARY KEY CHECK (id > 0),
    slug TEXT NOT NULL UNIQUE,  -- its address, /post/hello: the file's name
    title TEXT NOT NULL CHECK (title <> ''),
    summary TEXT,               -- a sentence for feeds
    body TEXT NOT NULL,         -- gemtext
    published INTEGER NOT NULL, -- seconds since 1970, UTC; later ones wait
    updated INTEGER NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1 -- counts the changes of the text
);

CREATE INDEX post_published ON post (published);

-- Who may write at /write/: client certificates.
CREATE TABLE author (
    cert TEXT PRIMARY KEY CHECK (length(cert) = 64) -- the fingerprint
);
