-- SPDX-License-Identifier: ISC
--
-- Standards in their classes, and how many there are of each kind. Triggers do
-- this for one standard (triggers/standard_classes.sql); the views below do it
-- for many at once, which is how an import does it, and how it is made anew.

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
-- There is no row for none.
CREATE TABLE standard_count (
	kind TEXT NOT NULL,
	value TEXT NOT NULL,
	n INTEGER NOT NULL,
	PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX standard_count_none ON standard_count (kind, value) WHERE n = 0;

-- An import brings many standards at once: between import/begin.sql and
-- import/end.sql this has a row, and new standards are those behind `after`, as
-- ids only grow.
CREATE TABLE standard_bulk (
	batch_id INTEGER PRIMARY KEY,
	after INTEGER NOT NULL -- the highest id before the import
) STRICT;

-- The import's new standards.
CREATE VIEW standard_new AS
	SELECT s.id, s.key, s.number, s.title, s.title_en, s.title_orig,
		s.marks, s.sort, s.level, s.mandate, s.prefix, s.year, s.ics,
		s.ccs, s.issuer_id, s.committee_id, s.adopted
	FROM standard_bulk b CROSS JOIN standard s ON s.id > b.after;

-- Their classes.
CREATE VIEW standard_new_ics (code, sort, standard_id) AS
	SELECT DISTINCT j.value, s.sort, s.id
	FROM standard_new s
	JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
	WHERE s.ics IS NOT NULL
	ORDER BY 1, 2, 3;

-- How many of them there are in each ICS class, field and group. A field or
-- group counts a standard once, however many of its codes are in it; most
-- standards have one.
CREATE VIEW standard_new_ics_count (code, n) AS
	WITH single AS MATERIALIZED (SELECT ics AS code, count(*) AS n
			FROM standard_new WHERE instr(ics, ' ') = 0 GROUP BY ics),
		several AS MATERIALIZED (SELECT s.id, j.value AS code
			FROM standard_new s JOIN json_each(
				'["' || replace(s.ics, ' ', '","') || '"]') j
			WHERE instr(s.ics, ' ') > 0),
		depth (length) AS (VALUES (2), (6), (9)),
		counted AS (SELECT substr(code, 1, d.length) AS code, n
			FROM single JOIN depth d ON length(code) >= d.length
			UNION ALL SELECT code, count(*) FROM (
				SELECT DISTINCT id,
					substr(code, 1, d.length) AS code
				FROM several
				JOIN depth d ON length(code) >= d.length)
			GROUP BY code)
	SELECT code, sum(n) FROM counted GROUP BY code;

-- How many of them there are of each kind.
CREATE VIEW standard_new_count (kind, value, n) AS
	WITH numbered AS MATERIALIZED (SELECT level, mandate, prefix, year,
			count(*) AS n FROM standard_new GROUP BY 1, 2, 3, 4),
		classed AS MATERIALIZED (SELECT ccs, count(*) AS n
			FROM standard_new WHERE ccs IS NOT NULL GROUP BY ccs),
		counted (kind, value, n) AS (
			SELECT 'all', '', n FROM numbered
			UNION ALL SELECT 'level', level, n FROM numbered
			UNION ALL SELECT 'mandate', mandate, n FROM numbered
			UNION ALL SELECT 'prefix', prefix, n FROM numbered
			UNION ALL SELECT 'year', CAST(year AS TEXT), n
				FROM numbered
			UNION ALL SELECT 'ccs', ccs, n FROM classed
			UNION ALL SELECT 'ccs', substr(ccs, 1, 1), n
				FROM classed WHERE length(ccs) > 1
			UNION ALL SELECT 'issuer', CAST(issuer_id AS TEXT),
				count(*) FROM standard_new GROUP BY issuer_id
			UNION ALL SELECT 'committee',
				CAST(committee_id AS TEXT), count(*)
				FROM standard_new GROUP BY committee_id)
	SELECT kind, value, sum(n) FROM counted
	WHERE value IS NOT NULL GROUP BY kind, value
	UNION ALL SELECT 'ics', code, n FROM standard_new_ics_count;

-- All there are, as if one import had brought them.
INSERT INTO standard_bulk (batch_id, after) VALUES (0, 0);
INSERT INTO standard_ics (code, sort, standard_id)
SELECT code, sort, standard_id FROM standard_new_ics;
INSERT INTO standard_count (kind, value, n)
SELECT kind, value, n FROM standard_new_count;
DELETE FROM standard_bulk;
