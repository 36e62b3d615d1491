-- SPDX-License-Identifier: ISC
--
-- A row of the Chinese Classification for Standards. Columns: code, parent,
-- level (1 A, 2 A00/09, 3 A00), title_zh and, if there are, title_en,
-- notes_zh, source.
SELECT '"' || coalesce(:code, '') || '" is no CCS code' AS refused
WHERE coalesce(:code, '') NOT GLOB '[A-Z]'
	AND coalesce(:code, '') NOT GLOB '[A-Z][0-9][0-9]/[0-9][0-9]'
	AND coalesce(:code, '') NOT GLOB '[A-Z][0-9][0-9]';

SELECT 'no title_zh' AS refused WHERE :title_zh IS NULL;

SELECT '"' || :parent || '" is no CCS code' AS refused
WHERE :parent NOT GLOB '[A-Z]'
	AND :parent NOT GLOB '[A-Z][0-9][0-9]/[0-9][0-9]';

SELECT :code AS once, coalesce(:source, :import_source) AS whose,
	CASE length(:code) WHEN 1 THEN 1 WHEN 6 THEN 2 ELSE 3 END AS depth;

SELECT 1 AS unchanged FROM ccs WHERE code = :code
	AND (parent, title, title_en, note, source)
	IS (:parent, :title_zh, :title_en, :notes_zh, :whose);

SELECT 'changed' AS outcome FROM ccs WHERE code = :code;

INSERT INTO ccs (code, parent, level, title, title_en, note, source,
	verified_at, batch_id)
VALUES (:code, :parent, :depth, :title_zh, :title_en, :notes_zh, :whose,
	:batch_day, :batch)
ON CONFLICT (code) DO UPDATE SET (parent, level, title, title_en, note, source,
	verified_at, batch_id) = (excluded.parent, excluded.level,
	excluded.title, excluded.title_en, excluded.note, excluded.source,
	excluded.verified_at, excluded.batch_id);
