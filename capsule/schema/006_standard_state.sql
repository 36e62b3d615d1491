-- SPDX-License-Identifier: ISC
--
-- What follows from the rows of 005_standards.sql: successors, classes,
-- counts. Triggers keep it; nobody else writes it.

-- A standard in each of its ICS classes, as its own number orders them.
CREATE TABLE standard_ics (
	code TEXT NOT NULL,
	sort TEXT NOT NULL,
	standard_id INTEGER NOT NULL, -- the triggers below keep it
	PRIMARY KEY (code, sort, standard_id)
) STRICT, WITHOUT ROWID;

-- How many standards there are of each kind, so that no page counts:
--   all          ''
--   level        国家 ...          year       2016 ...
--   prefix       GB/T ...          mandate    强制 ...
--   ics          a code: all standards in it or below it, each once
--   ccs          a code; the letter alone: all below it
--   issuer       org.id            committee  org.id
CREATE TABLE standard_count (
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

-- A row enters (by = 1) or leaves (by = -1) the classes and the counts. All
-- occasions write to this view, so that they share one text.
CREATE VIEW standard_filed (by, id, sort, level, mandate, prefix, year, ics,
	ccs, issuer_id, committee_id) AS
	SELECT 0, 0, '', '', '', '', 0, '', '', 0, 0 WHERE 0;

CREATE TRIGGER standard_file INSTEAD OF INSERT ON standard_filed
BEGIN
	INSERT INTO standard_count VALUES ('all', '', NEW.by)
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count VALUES ('level', NEW.level, NEW.by)
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'mandate', NEW.mandate, NEW.by WHERE NEW.mandate IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'prefix', NEW.prefix, NEW.by WHERE NEW.prefix IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'year', CAST(NEW.year AS TEXT), NEW.by
	WHERE NEW.year IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ccs', NEW.ccs, NEW.by WHERE NEW.ccs IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ccs', substr(NEW.ccs, 1, 1), NEW.by WHERE length(NEW.ccs) > 1
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'issuer', CAST(NEW.issuer_id AS TEXT), NEW.by
	WHERE NEW.issuer_id IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'committee', CAST(NEW.committee_id AS TEXT), NEW.by
	WHERE NEW.committee_id IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_classed SELECT NEW.by, NEW.id, NEW.sort, NEW.ics
	WHERE NEW.ics IS NOT NULL;
END;

-- The same for its ICS codes. A field or group is counted for the first of
-- the codes in it, so that each standard counts once: the first place where
-- the list has the group is then the place of this code.
CREATE VIEW standard_classed (by, id, sort, ics) AS
	SELECT 0, 0, '', '' WHERE 0;

CREATE TRIGGER standard_class INSTEAD OF INSERT ON standard_classed
BEGIN
	INSERT INTO standard_ics (code, sort, standard_id)
	SELECT value, NEW.sort, NEW.id
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE NEW.by = 1
	ON CONFLICT DO NOTHING;
	DELETE FROM standard_ics
	WHERE NEW.by = -1 AND sort = NEW.sort AND standard_id = NEW.id
		AND code IN (SELECT value FROM json_each(
			'["' || replace(NEW.ics, ' ', '","') || '"]'));
	INSERT INTO standard_count
	SELECT 'ics', substr(value, 1, 2), NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE instr(' ' || NEW.ics, ' ' || substr(value, 1, 2))
		= instr(' ' || NEW.ics || ' ', ' ' || value || ' ')
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ics', substr(value, 1, 6), NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE length(value) >= 6
		AND instr(' ' || NEW.ics, ' ' || substr(value, 1, 6))
		= instr(' ' || NEW.ics || ' ', ' ' || value || ' ')
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ics', value, NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE length(value) = 9
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

-- An import files many at once, at its end (import/begin.sql, import/end.sql):
-- between them this has its number, and new rows are only noted.
CREATE TABLE standard_bulk (batch_id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE standard_unfiled (standard_id INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER standard_file_later AFTER INSERT ON standard
WHEN EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_unfiled VALUES (NEW.id);
END;

CREATE TRIGGER standard_unfile BEFORE DELETE ON standard
WHEN EXISTS (SELECT 1 FROM standard_unfiled WHERE standard_id = OLD.id)
BEGIN
	SELECT raise(ABORT, 'an import deletes no row that it has just added');
END;

CREATE TRIGGER standard_file_insert AFTER INSERT ON standard
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_filed VALUES (1, NEW.id, NEW.sort, NEW.level,
		NEW.mandate, NEW.prefix, NEW.year, NEW.ics, NEW.ccs,
		NEW.issuer_id, NEW.committee_id);
END;

CREATE TRIGGER standard_file_delete BEFORE DELETE ON standard
BEGIN
	INSERT INTO standard_filed VALUES (-1, OLD.id, OLD.sort, OLD.level,
		OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id);
END;

CREATE TRIGGER standard_file_update AFTER UPDATE OF sort, level, mandate,
	prefix, year, ics, ccs, issuer_id, committee_id ON standard
WHEN (OLD.sort, OLD.level, OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id)
	IS NOT (NEW.sort, NEW.level, NEW.mandate, NEW.prefix, NEW.year,
		NEW.ics, NEW.ccs, NEW.issuer_id, NEW.committee_id)
	AND NOT EXISTS (SELECT 1 FROM standard_unfiled
		WHERE standard_id = OLD.id)
BEGIN
	INSERT INTO standard_filed VALUES (-1, OLD.id, OLD.sort, OLD.level,
		OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id);
	INSERT INTO standard_filed VALUES (1, NEW.id, NEW.sort, NEW.level,
		NEW.mandate, NEW.prefix, NEW.year, NEW.ics, NEW.ccs,
		NEW.issuer_id, NEW.committee_id);
END;

-- What a standard's relations say about it now. Of several successors the
-- first in force counts; one with no date comes last, and an absent one has
-- none.
CREATE VIEW standard_succession AS
	SELECT r.to_key, r.type, r.succession, r.from_key, n.issued,
		coalesce(r.day, n.effective) AS effective
	FROM relation r LEFT JOIN standard n ON n.key = r.from_key
	WHERE r.succession > 0;

-- INSERT INTO standard_derive VALUES (key): work that out again.
CREATE VIEW standard_derive (key) AS SELECT '' WHERE 0;

CREATE TRIGGER standard_derived INSTEAD OF INSERT ON standard_derive
BEGIN
	UPDATE standard SET (successor_key, successor_issued,
			successor_effective) =
		(SELECT from_key, issued, effective
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.succession = 2
		ORDER BY effective IS NULL, effective, issued IS NULL, issued,
			from_key LIMIT 1),
		partly = (SELECT min(coalesce(effective, ''))
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.type = 'partly'),
		mandate_changed = (SELECT min(coalesce(effective, ''))
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.type = 'mandate')
	WHERE key = NEW.key;
END;

-- The same for 采标; apart, because the search index wants to know of it.
CREATE VIEW standard_adopt (key) AS SELECT '' WHERE 0;

CREATE TRIGGER standard_adopts INSTEAD OF INSERT ON standard_adopt
BEGIN
	UPDATE standard SET adopted = EXISTS (SELECT 1 FROM relation
		WHERE from_key = NEW.key AND type = 'adopts')
	WHERE key = NEW.key;
END;

-- A new edition: what was said about it before it came, and what it says.
CREATE TRIGGER standard_derive_insert AFTER INSERT ON standard
BEGIN
	INSERT INTO standard_derive SELECT NEW.key
	WHERE EXISTS (SELECT 1 FROM relation WHERE to_key = NEW.key);
	INSERT INTO standard_adopt SELECT NEW.key
	WHERE EXISTS (SELECT 1 FROM relation WHERE from_key = NEW.key
		AND type = 'adopts');
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key = NEW.key AND succession > 0;
END;

CREATE TRIGGER standard_derive_update
AFTER UPDATE OF key, level, issued, implemented ON standard
WHEN (OLD.key, OLD.level, OLD.issued, OLD.implemented)
	IS NOT (NEW.key, NEW.level, NEW.issued, NEW.implemented)
BEGIN
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key IN (OLD.key, NEW.key) AND succession > 0;
	INSERT INTO standard_derive SELECT NEW.key WHERE OLD.key <> NEW.key;
	INSERT INTO standard_adopt SELECT NEW.key WHERE OLD.key <> NEW.key;
END;

CREATE TRIGGER standard_derive_delete AFTER DELETE ON standard
BEGIN
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key = OLD.key AND succession > 0;
END;

CREATE TRIGGER relation_derive_insert AFTER INSERT ON relation
WHEN NEW.succession > 0
BEGIN
	INSERT INTO standard_derive VALUES (NEW.to_key);
END;

CREATE TRIGGER relation_adopt_insert AFTER INSERT ON relation
WHEN NEW.type = 'adopts'
BEGIN
	INSERT INTO standard_adopt VALUES (NEW.from_key);
END;

CREATE TRIGGER relation_derive_update AFTER UPDATE OF from_key, to_key, type,
	day ON relation
WHEN (OLD.from_key, OLD.to_key, OLD.type, OLD.day)
	IS NOT (NEW.from_key, NEW.to_key, NEW.type, NEW.day)
BEGIN
	INSERT INTO standard_derive VALUES (OLD.to_key), (NEW.to_key);
	INSERT INTO standard_adopt VALUES (OLD.from_key), (NEW.from_key);
END;

CREATE TRIGGER relation_derive_delete AFTER DELETE ON relation
WHEN OLD.succession > 0
BEGIN
	INSERT INTO standard_derive VALUES (OLD.to_key);
END;

CREATE TRIGGER relation_adopt_delete AFTER DELETE ON relation
WHEN OLD.type = 'adopts'
BEGIN
	INSERT INTO standard_adopt VALUES (OLD.from_key);
END;

-- The search index of the catalogue. As in 003_search.sql triggers may not
-- touch it: they note, and whoever changes standards follows it up with the
-- three statements at the end of import/standards.sql.
--   words:  standard_fts MATCH '{number title title_en title_orig} : (...)'
--   facets: ... AND marks : ("国家" AND "y2016" AND "ics35 030")
CREATE VIRTUAL TABLE standard_fts USING fts5 (
	number, title, title_en, title_orig, marks,
	content = 'standard', content_rowid = 'id', tokenize = 'cjk');

CREATE TABLE standard_search_change (
	standard_id INTEGER PRIMARY KEY, -- no reference: it may be deleted
	indexed INTEGER NOT NULL, -- 1: the index holds the texts below
	number TEXT,
	title TEXT,
	title_en TEXT,
	title_orig TEXT,
	marks TEXT
) STRICT;

CREATE TRIGGER standard_search_insert AFTER INSERT ON standard
BEGIN
	INSERT INTO standard_search_change (standard_id, indexed)
	VALUES (NEW.id, 0) ON CONFLICT DO NOTHING;
END;

-- What was noted first is what the index holds: later changes add nothing.
CREATE TRIGGER standard_search_update AFTER UPDATE OF number, title, title_en,
	title_orig, level, mandate, year, ics, ccs, adopted ON standard
WHEN (OLD.number, OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	IS NOT (NEW.number, NEW.title, NEW.title_en, NEW.title_orig, NEW.marks)
BEGIN
	INSERT INTO standard_search_change VALUES (OLD.id, 1, OLD.number,
		OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER standard_search_delete AFTER DELETE ON standard
BEGIN
	INSERT INTO standard_search_change VALUES (OLD.id, 1, OLD.number,
		OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	ON CONFLICT DO NOTHING;
END;

-- A standard never changes its id: the index knows it by that.
CREATE TRIGGER standard_id BEFORE UPDATE OF id ON standard
WHEN NEW.id <> OLD.id
BEGIN
	SELECT raise(ABORT, 'a standard keeps its id');
END;

-- An edition as pages want it. Its status on a day is
--   std_status(:day, issued, effective, abolished, stated, verified_at,
--     successor_issued, successor_effective, partly <= :day,
--     mandate_changed <= :day)
-- (as arguments, not as a column: a page may ask about any day).
CREATE VIEW standard_shown AS
	SELECT s.id, s.key, s.number, s.family, s.bare, s.digits, s.prefix,
		s.year, s.sort, s.level, s.mandate, s.name, s.title,
		s.title_en, s.title_orig, s.kind, s.edition, s.stated, s.stage,
		s.issued, s.implemented, s.abolished, s.confirmed,
		s.effective, s.ends, s.ics, s.ccs, s.issuer_id,
		i.name AS issuer, s.committee_id, c.name AS committee, s.owner,
		s.drafters, s.region, s.filing, s.plan, s.pages, s.language,
		s.fulltext_url, s.note, s.source, s.verified_at, s.stub,
		s.successor_key, n.number AS successor_number,
		s.successor_issued, s.successor_effective, s.partly,
		s.mandate_changed, s.adopted, p.title AS prefix_title,
		s.level || '标准' || coalesce('（' || s.mandate
			|| CASE s.mandate WHEN '指导' THEN '性技术文件）'
				ELSE '性）' END, '') AS nature
	FROM standard s
	LEFT JOIN org i ON i.id = s.issuer_id
	LEFT JOIN org c ON c.id = s.committee_id
	LEFT JOIN standard n ON n.key = s.successor_key
	LEFT JOIN std_prefix p ON p.prefix = s.prefix;

-- Relations from the point of view of one standard, `key`: word says what the
-- other one is to it. Both tables' indexes serve key = ?, key and type = ?.
-- `present`: the catalogue holds the other.
CREATE VIEW relation_shown AS
	SELECT r.to_key AS key, 'in' AS direction, r.type,
		r.from_key AS other_key, coalesce(o.number, r.from_number)
			AS other_number,
		o.name AS other_name, o.id IS NOT NULL AS present, r.degree,
		coalesce(r.day, o.effective) AS day, r.note, r.source,
		r.verified_at,
		CASE r.type WHEN 'replaces' THEN '被代替'
			WHEN 'partly' THEN '部分被代替'
			WHEN 'merges' THEN '并入'
			WHEN 'splits' THEN '拆分为'
			WHEN 'renumbered' THEN '转号为'
			WHEN 'mandate' THEN '转为推荐性'
			WHEN 'adopts' THEN '被采用'
			WHEN 'amends' THEN '修改单'
			WHEN 'corrects' THEN '勘误'
			ELSE '被引用' END AS word
	FROM relation r LEFT JOIN standard o ON o.key = r.from_key
	UNION ALL
	SELECT r.from_key, 'out', r.type, r.to_key,
		coalesce(o.number, r.to_number), o.name, o.id IS NOT NULL,
		r.degree, coalesce(r.day, (SELECT s.effective FROM standard s
			WHERE s.key = r.from_key)), r.note, r.source,
		r.verified_at,
		CASE r.type WHEN 'replaces' THEN '代替'
			WHEN 'partly' THEN '部分代替'
			WHEN 'merges' THEN '合并自'
			WHEN 'splits' THEN '拆分自'
			WHEN 'renumbered' THEN '转号自'
			WHEN 'mandate' THEN '转自强制性'
			WHEN 'adopts' THEN '采用'
			WHEN 'amends' THEN '修改'
			WHEN 'corrects' THEN '勘正'
			ELSE '引用' END
	FROM relation r LEFT JOIN standard o ON o.key = r.to_key;

-- One step along a chain of editions, either way: a recursive page query over
-- it stays bounded with UNION (not UNION ALL) on the key, a depth below 12 and
-- a LIMIT; sources do contain circles.
CREATE VIEW edition_step AS
	SELECT to_key AS key, from_key AS other_key, 1 AS newer, type
	FROM relation WHERE succession > 0
	UNION ALL
	SELECT from_key, to_key, 0, type
	FROM relation WHERE succession > 0;

-- The two trees with their counts; name is Chinese where there is any.
CREATE VIEW ics_shown AS
	SELECT k.code, k.parent, k.level, coalesce(k.title, k.title_en) AS name,
		k.title, k.title_en, k.title_source, k.note, k.source,
		coalesce(n.n, 0) AS standards
	FROM ics k LEFT JOIN standard_count n
		ON n.kind = 'ics' AND n.value = k.code;

-- A range (A00/09) is no class of a standard: its classes are counted.
CREATE VIEW ccs_shown AS
	SELECT k.code, k.parent, k.level, k.title AS name, k.title_en, k.note,
		k.source, CASE k.level WHEN 2 THEN (SELECT coalesce(sum(n.n), 0)
			FROM standard_count n WHERE n.kind = 'ccs'
			AND n.value BETWEEN substr(k.code, 1, 3)
				AND substr(k.code, 1, 1) || substr(k.code, 5, 2))
			ELSE coalesce((SELECT n.n FROM standard_count n
				WHERE n.kind = 'ccs' AND n.value = k.code), 0)
			END AS standards
	FROM ccs k;

-- The catalogue as a whole: how many, and how old the youngest data is.
CREATE VIEW catalogue AS
	SELECT coalesce((SELECT n FROM standard_count WHERE kind = 'all'), 0)
			AS standards,
		(SELECT max(verified_at) FROM import_batch
			WHERE undone IS NULL) AS data_day,
		(SELECT max(id) FROM import_batch WHERE undone IS NULL)
			AS batch_id;

-- Where the derived parts disagree with the rows: no row, or a trigger is
-- wrong. Reads everything; for tests and for a suspicious operator.
CREATE VIEW standard_fault AS
	SELECT s.key, 'successor' AS fault FROM standard s
	WHERE s.successor_key IS NOT (SELECT from_key
		FROM standard_succession u WHERE u.to_key = s.key
		AND u.succession = 2
		ORDER BY effective IS NULL, effective, issued IS NULL, issued,
			from_key LIMIT 1)
	UNION ALL
	SELECT s.key, 'adopted' FROM standard s
	WHERE s.adopted <> EXISTS (SELECT 1 FROM relation r
		WHERE r.from_key = s.key AND r.type = 'adopts')
	UNION ALL
	SELECT 'level ' || c.value, 'count' FROM standard_count c
	WHERE c.kind = 'level' AND c.n <> (SELECT count(*) FROM standard s
		WHERE s.level = c.value)
	UNION ALL
	SELECT 'ics ' || c.value, 'count' FROM standard_count c
	WHERE c.kind = 'ics' AND c.n <> (SELECT count(DISTINCT standard_id)
		FROM standard_ics k WHERE k.code = c.value
		OR (k.code > c.value || '.' AND k.code < c.value || '/'));
