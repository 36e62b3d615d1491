-- SPDX-License-Identifier: ISC
--
-- Lists of articles whose cost does not depend on how long they are.
--
-- A section's list holds its live articles that are not pinned, ordered by
-- (published, id). Readers see it newest first, in pages, with page numbers
-- and a total. Rows are ranked from the OLDEST, rank 0: that end of the list
-- stands still, new articles come at the other end. Page N is then
-- arithmetic:
--
--	first = total - N * 20, the rank of the page's oldest row
--
-- and a rank is found by an anchor: list_anchor keeps the place of every
-- 200th row, block = rank / 200, so at most 199 rows of an index have to be
-- stepped over, on page 1 as on page 40,000.
--
-- The same anchors turn a moment into a rank (how many rows were published
-- before it): the nearest anchor before it, and the rows from there counted,
-- again at most 200. That gives
--   the total: the rank of the next second. Articles with a later time are at
--     the far end and simply not counted yet, so a scheduled article appears
--     by itself, without any job.
--   a year: the ranks of its bounds.
--
-- triggers/article_lists.sql keeps the anchors right.

-- How long each section's list is, scheduled articles included.
CREATE TABLE list_length (
	section_id INTEGER PRIMARY KEY REFERENCES section (id)
		ON DELETE CASCADE,
	length INTEGER NOT NULL DEFAULT 0 -- rows of article_listed
) STRICT;
INSERT INTO list_length (section_id, length)
SELECT id, (SELECT count(*) FROM article WHERE section_id = section.id
	AND status = 'live' AND pinned = 0)
FROM section WHERE kind = 'news';

-- The place of the row with rank 200 * block. Block 0 stands before all rows.
CREATE TABLE list_anchor (
	section_id INTEGER NOT NULL REFERENCES section (id) ON DELETE CASCADE,
	block INTEGER NOT NULL,
	published INTEGER NOT NULL, -- of the row with that rank; -1 for block 0
	id INTEGER NOT NULL,        -- its id; 0 for block 0
	PRIMARY KEY (section_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO list_anchor (section_id, block, published, id)
SELECT section_id, 0, -1, 0 FROM list_length
UNION ALL
SELECT section_id, rank / 200, published, id FROM (
	SELECT section_id, published, id, row_number() OVER (
		PARTITION BY section_id ORDER BY published, id) - 1 AS rank
	FROM article WHERE status = 'live' AND pinned = 0)
WHERE rank > 0 AND rank % 200 = 0;
CREATE INDEX list_anchor_place ON list_anchor (section_id, published, id);
