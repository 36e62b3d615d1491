-- SPDX-License-Identifier: ISC
--
-- What comes before the rows of a table, whatever it is (import/KIND.sql,
-- import/end.sql): the import gets its number, :batch.
INSERT INTO import_batch (kind, file, source, verified_at, started)
VALUES (:kind, :file, :import_source, coalesce(:import_verified, :file_day),
	unixepoch())
RETURNING id AS batch, verified_at AS batch_day;

-- New standards are filed together, by import/end.sql.
INSERT INTO standard_bulk (batch_id, after)
SELECT :batch, coalesce(max(id), 0) FROM standard;

-- Is there anything that an earlier import may have said of a new standard?
SELECT 1 AS earlier WHERE EXISTS (SELECT 1 FROM relation);

-- Is there anything that one source said and another wrote over?
SELECT 1 AS overruled WHERE EXISTS (SELECT 1 FROM standard_said);

-- An empty catalogue is filled without what keeps it in order for readers;
-- import/end.sql makes that again in one piece, row after row in its order.
SELECT 1 AS empty FROM standard_bulk WHERE after = 0 AND :kind = 'standards';

-- when :empty
DROP INDEX standard_family;

-- when :empty
DROP INDEX standard_bare;

-- when :empty
DROP INDEX standard_digits;

-- when :empty
DROP INDEX standard_sort;

-- when :empty
DROP INDEX standard_level;

-- when :empty
DROP INDEX standard_year;

-- when :empty
DROP INDEX standard_ccs;

-- when :empty
DROP INDEX standard_issuer;

-- when :empty
DROP INDEX standard_committee;

-- when :empty
DROP INDEX standard_issued;

-- when :empty
DROP INDEX standard_effective;

-- when :empty
DROP INDEX standard_ends;

-- when :empty
DROP INDEX standard_batch;
