-- SPDX-License-Identifier: ISC
--
-- What comes after the rows of a table, and after an undo.
UPDATE import_batch SET added = :added, changed = :changed,
	unchanged = :unchanged, refused = :refused
WHERE id = :batch AND :kind <> 'undo';

-- File the new standards: each in its classes, all in the counts. The same as
-- the triggers of the schema do for one.
INSERT INTO standard_ics (code, sort, standard_id)
SELECT DISTINCT j.value, s.sort, s.id
FROM standard_new s
JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
WHERE s.ics IS NOT NULL
ORDER BY 1, 2, 3;

INSERT INTO standard_count (kind, value, n)
WITH numbered AS MATERIALIZED (SELECT level, mandate, prefix, year,
		count(*) AS n FROM standard_new GROUP BY 1, 2, 3, 4),
	classed AS MATERIALIZED (SELECT ccs, count(*) AS n FROM standard_new
		WHERE ccs IS NOT NULL GROUP BY ccs),
	counted (kind, value, n) AS (
		SELECT 'all', '', n FROM numbered
		UNION ALL SELECT 'level', level, n FROM numbered
		UNION ALL SELECT 'mandate', mandate, n FROM numbered
		UNION ALL SELECT 'prefix', prefix, n FROM numbered
		UNION ALL SELECT 'year', CAST(year AS TEXT), n FROM numbered
		UNION ALL SELECT 'ccs', ccs, n FROM classed
		UNION ALL SELECT 'ccs', substr(ccs, 1, 1), n FROM classed
			WHERE length(ccs) > 1
		UNION ALL SELECT 'issuer', CAST(issuer_id AS TEXT), count(*)
			FROM standard_new GROUP BY issuer_id
		UNION ALL SELECT 'committee', CAST(committee_id AS TEXT),
			count(*) FROM standard_new GROUP BY committee_id)
SELECT kind, value, sum(n) FROM counted
WHERE value IS NOT NULL
GROUP BY kind, value
ON CONFLICT DO UPDATE SET n = n + excluded.n;

-- A field or group counts a standard once, however many of its codes are in
-- it; most standards have one.
INSERT INTO standard_count (kind, value, n)
WITH single AS MATERIALIZED (SELECT ics AS code, count(*) AS n
		FROM standard_new WHERE instr(ics, ' ') = 0 GROUP BY ics),
	several AS MATERIALIZED (SELECT s.id, j.value AS code
		FROM standard_new s
		JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
		WHERE instr(s.ics, ' ') > 0),
	depth (length) AS (VALUES (2), (6), (9)),
	counted AS (SELECT substr(code, 1, d.length) AS code, n
		FROM single JOIN depth d ON length(code) >= d.length
		UNION ALL SELECT code, count(*) FROM (
			SELECT DISTINCT id, substr(code, 1, d.length) AS code
			FROM several JOIN depth d ON length(code) >= d.length)
		GROUP BY code)
SELECT 'ics', code, sum(n) FROM counted WHERE true
GROUP BY code
ON CONFLICT DO UPDATE SET n = n + excluded.n;

DELETE FROM standard_count WHERE n = 0;

-- What an earlier import has said of the new standards. What this one said has
-- been noted.
-- when :earlier
INSERT INTO standard_adopt
SELECT key FROM standard_new s WHERE adopted = 0 AND EXISTS (SELECT 1
	FROM relation WHERE from_key = s.key AND type = 'adopts');

-- when :earlier
INSERT INTO standard_derive
SELECT s.key FROM standard_new s
WHERE EXISTS (SELECT 1 FROM relation WHERE to_key = s.key)
UNION ALL SELECT r.to_key FROM standard_new s
JOIN relation r ON r.from_key = s.key WHERE r.succession > 0;

-- Many rows are written to the index in many pieces, which it would merge
-- again and again. So it waits, and merges them all at once: a search looks
-- into each piece that is left.
SELECT 1 AS many FROM standard_count
WHERE kind = 'all' AND :added + :changed > max(1000, n / 10);

-- when :many
INSERT INTO standard_fts (standard_fts, rank) VALUES ('automerge', 0);

-- when :many
INSERT INTO standard_fts (standard_fts, rank) VALUES ('crisismerge', 1999);

-- The search index: first forget what it says of what has changed, then
-- learn what is there now. FTS5 begins another piece where an id is not higher
-- than the one before, and refuses the 2,001st: the order is asked for.
INSERT INTO standard_fts (standard_fts, rowid, number, title, title_en,
	title_orig, marks)
SELECT 'delete', standard_id, number, title, title_en, title_orig, marks
FROM standard_search_change WHERE indexed = 1 ORDER BY standard_id;

INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
SELECT s.id, s.number, s.title, s.title_en, s.title_orig, s.marks
FROM standard_search_change c JOIN standard s ON s.id = c.standard_id
ORDER BY s.id;

INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
SELECT id, number, title, title_en, title_orig, marks FROM standard
WHERE id > (SELECT after FROM standard_bulk) ORDER BY id;

DELETE FROM standard_search_change;

-- when :many
INSERT INTO standard_fts (standard_fts) VALUES ('optimize');

-- Both are FTS5's own again.
-- when :many
INSERT INTO standard_fts (standard_fts, rank) VALUES ('automerge', 4);

-- when :many
INSERT INTO standard_fts (standard_fts, rank) VALUES ('crisismerge', 16);

-- From here on each row is its own again.
DELETE FROM standard_bulk;

SELECT 1 AS voided FROM standard WHERE void = 1 LIMIT 1;

-- when :voided
INSERT INTO standard_underived
SELECT l.key FROM standard_underived u
JOIN standard_underlying l ON l.of = u.key WHERE true
ON CONFLICT DO NOTHING;

INSERT INTO standard_derive_one SELECT key FROM standard_underived;

DELETE FROM standard_underived;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_family ON standard (family, year);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_bare ON standard (bare, year);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_digits ON standard (digits, sort);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_sort ON standard (sort, id);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_level ON standard (level, sort, id);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_year ON standard (year, sort, id);

-- when :empty
CREATE INDEX IF NOT EXISTS standard_ccs ON standard (ccs, sort, id) WHERE ccs IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_issuer ON standard (issuer_id, sort, id)
	WHERE issuer_id IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_committee ON standard (committee_id, sort, id)
	WHERE committee_id IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_issued ON standard (issued, id) WHERE issued IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_effective ON standard (effective, id)
	WHERE effective IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_ends ON standard (ends, id) WHERE ends IS NOT NULL;

-- when :empty
CREATE INDEX IF NOT EXISTS standard_batch ON standard (batch_id) WHERE batch_id IS NOT NULL;

SELECT 'import ' || :batch || ' (guiju import undo ' || :batch
	|| ' takes it back)' AS say
WHERE :kind IN ('standards', 'announcement') AND :added + :changed > 0;
