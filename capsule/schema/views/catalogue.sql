-- SPDX-License-Identifier: ISC
--
-- The catalogue as a whole: how many, and how old the youngest data is.
CREATE VIEW catalogue AS
	SELECT coalesce((SELECT n FROM standard_count WHERE kind = 'all'), 0)
			AS standards,
		(SELECT max(verified_at) FROM import_batch
			WHERE undone IS NULL) AS data_day,
		(SELECT max(id) FROM import_batch WHERE undone IS NULL)
			AS batch_id;
