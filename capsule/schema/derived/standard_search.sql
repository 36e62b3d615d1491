-- SPDX-License-Identifier: ISC
--
-- The search index of the catalogue. As in article_search.sql triggers may not
-- touch it: they note, and whoever changes standards follows it up with the
-- statements of import/end.sql.
--   words:  standard_fts MATCH '{number title title_en title_orig} : (...)'
--   facets: ... AND marks : ("国家" AND "y2016" AND "ics35 030")
CREATE VIRTUAL TABLE standard_fts USING fts5 (
	number, title, title_en, title_orig, marks,
	content = 'standard', content_rowid = 'id', tokenize = 'cjk');
INSERT INTO standard_fts (standard_fts) VALUES ('rebuild');

CREATE TABLE standard_search_change (
	standard_id INTEGER PRIMARY KEY, -- no reference: it may be deleted
	indexed INTEGER NOT NULL, -- 1: the index holds the texts below
	number TEXT,
	title TEXT,
	title_en TEXT,
	title_orig TEXT,
	marks TEXT
) STRICT;
