-- SPDX-License-Identifier: ISC
--
-- What comes before the rows of a table, whatever it is (import/KIND.sql,
-- import/end.sql): the import gets its number, :batch.
INSERT INTO import_batch (kind, file, source, verified_at, started)
VALUES (:kind, :file, :import_source, coalesce(:import_verified, :file_day),
	unixepoch())
RETURNING id AS batch, verified_at AS batch_day;

-- New standards are filed together, by import/end.sql.
INSERT INTO standard_bulk VALUES (:batch);
