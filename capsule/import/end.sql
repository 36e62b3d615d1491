-- SPDX-License-Identifier: ISC
--
-- What comes after the rows of a table, and after an undo.
UPDATE import_batch SET added = :added, changed = :changed,
	unchanged = :unchanged, refused = :refused
WHERE id = :batch AND :kind <> 'undo';

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
