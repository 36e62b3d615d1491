-- SPDX-License-Identifier: ISC
--
-- What comes after the rows of a table, and after an undo.
UPDATE import_batch SET added = :added, changed = :changed,
	unchanged = :unchanged, refused = :refused
WHERE id = :batch AND :kind <> 'undo';

-- File the new standards: each in its classes, all in the counts. The same as
-- the triggers of 006_standard_state.sql do for one.
INSERT INTO standard_ics (code, sort, standard_id)
SELECT DISTINCT j.value, s.sort, s.id
FROM standard_unfiled u JOIN standard s ON s.id = u.standard_id
JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
WHERE s.ics IS NOT NULL
ORDER BY 1, 2, 3;

INSERT INTO standard_count (kind, value, n)
SELECT f.kind, f.value, count(*) FROM standard_unfiled u
JOIN (SELECT id, 'all' AS kind, '' AS value FROM standard
	UNION ALL SELECT id, 'level', level FROM standard
	UNION ALL SELECT id, 'mandate', mandate FROM standard
	UNION ALL SELECT id, 'prefix', prefix FROM standard
	UNION ALL SELECT id, 'year', CAST(year AS TEXT) FROM standard
	UNION ALL SELECT id, 'ccs', ccs FROM standard
	UNION ALL SELECT id, 'ccs', substr(ccs, 1, 1) FROM standard
		WHERE length(ccs) > 1
	UNION ALL SELECT id, 'issuer', CAST(issuer_id AS TEXT) FROM standard
	UNION ALL SELECT id, 'committee', CAST(committee_id AS TEXT)
		FROM standard) f ON f.id = u.standard_id
WHERE f.value IS NOT NULL
GROUP BY f.kind, f.value
ON CONFLICT DO UPDATE SET n = n + excluded.n;

INSERT INTO standard_count (kind, value, n)
SELECT 'ics', code, count(*) FROM (
	SELECT DISTINCT u.standard_id, substr(j.value, 1, l.column1) AS code
	FROM standard_unfiled u JOIN standard s ON s.id = u.standard_id
	JOIN json_each('["' || replace(s.ics, ' ', '","') || '"]') j
	JOIN (VALUES (2), (6), (9)) l ON length(j.value) >= l.column1
	WHERE s.ics IS NOT NULL)
GROUP BY code
ON CONFLICT DO UPDATE SET n = n + excluded.n;

DELETE FROM standard_unfiled;

DELETE FROM standard_bulk;

DELETE FROM standard_count WHERE n = 0;

-- The search index: first forget what it says of what has changed, then
-- learn what is there now.
INSERT INTO standard_fts (standard_fts, rowid, number, title, title_en,
	title_orig, marks)
SELECT 'delete', standard_id, number, title, title_en, title_orig, marks
FROM standard_search_change WHERE indexed = 1;

INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
SELECT s.id, s.number, s.title, s.title_en, s.title_orig, s.marks
FROM standard_search_change c JOIN standard s ON s.id = c.standard_id;

DELETE FROM standard_search_change;

SELECT 'import ' || :batch || ' (guiju import undo ' || :batch
	|| ' takes it back)' AS say
WHERE :kind IN ('standards', 'announcement') AND :added + :changed > 0;
