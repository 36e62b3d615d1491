-- SPDX-License-Identifier: ISC
--
-- How many bytes of files go with a request when it is deleted, and how many
-- have gone by then with the earlier requests of its account. What is deleted is
-- overwritten, so a page or a night deletes 32 MiB at a time.
CREATE VIEW request_weight AS
	SELECT id, account_id, bytes, sum(bytes) OVER (PARTITION BY account_id
		ORDER BY id) AS so_far
	FROM (SELECT r.id, r.account_id, CAST((SELECT total(bytes)
		FROM request_file WHERE request_id = r.id) AS INTEGER) AS bytes
		FROM request r);
