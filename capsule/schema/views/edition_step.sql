-- SPDX-License-Identifier: ISC
--
-- One step along a chain of editions, either way: a recursive page query over
-- it stays bounded with UNION (not UNION ALL) on the key, a depth below 12 and
-- a LIMIT; sources do contain circles.
CREATE VIEW edition_step AS
	SELECT to_key AS key, from_key AS other_key, 1 AS newer, type
	FROM relation WHERE succession > 0
	UNION ALL
	SELECT from_key, to_key, 0, type
	FROM relation WHERE succession > 0;
