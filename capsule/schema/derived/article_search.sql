-- SPDX-License-Identifier: ISC
--
-- The search index of articles: live ones only. Scheduled ones are in it as
-- well, so each query joins article and compares `published` with the reader's
-- now.
--
-- The tokenizer `cjk` is the engine's: each CJK character and each pair of
-- neighbours is a token, a run of Latin letters or digits is one. Headlines
-- keep positions (detail=full), so MATCH alone is exact. Bodies do not
-- (detail=none: a fifth of the size): MATCH gives candidates,
-- text_has(prose, words) decides. The prose is the byline and the body.
--
-- `mark` is the section as a token, so that a search in a small section for
-- a common word stays cheap. No reader's words reach it: headline queries
-- name their columns, body hits are checked against the prose.

-- What the index is built from.
CREATE VIEW article_searched AS
	SELECT a.id, a.title, a.kicker, a.subtitle, a.source, s.mark,
		a.prose
	FROM article a JOIN section s ON s.id = a.section_id
	WHERE a.status = 'live';

CREATE VIRTUAL TABLE title_fts USING fts5 (
	title, kicker, subtitle, source, mark,
	content = 'article_searched', content_rowid = 'id', tokenize = 'cjk');
INSERT INTO title_fts (title_fts) VALUES ('rebuild');

CREATE VIRTUAL TABLE body_fts USING fts5 (
	prose, mark,
	content = 'article_searched', content_rowid = 'id', tokenize = 'cjk',
	detail = none);
INSERT INTO body_fts (body_fts) VALUES ('rebuild');

-- Triggers may not write to the index itself: with trusted_schema off, SQLite
-- before 3.44 lets no trigger near an FTS5 table, and a plain sqlite3 shell
-- has no `cjk`. So they note what the index still says of a changed article
-- (an index without a copy of the text must be told what it is to forget),
-- and whoever changes articles brings the index up to date afterwards, in the
-- same transaction, by the statements at the end of import/article.sql.
-- A change that nobody followed up is simply found a little later.
CREATE TABLE search_change (
	article_id INTEGER PRIMARY KEY, -- no reference: it may be deleted
	indexed INTEGER NOT NULL, -- 1: the index holds the texts below
	title TEXT,
	kicker TEXT,
	subtitle TEXT,
	source TEXT,
	mark TEXT,
	prose TEXT
) STRICT;
