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
-- The triggers keep the anchors right. An article at the newest end touches at
-- most one anchor. One that comes or goes in the middle moves each later
-- anchor by one row: two index look-ups for each 200 rows behind it.

-- The list itself, the pinned articles beside it, and an editor's drafts. It
-- holds all that a list shows, so that stepping over rows reads no article.
CREATE INDEX article_list
	ON article (section_id, status, pinned, published, id, title);
-- Live articles of all sections, for the portal's feed.
CREATE INDEX article_newest ON article (published, id) WHERE status = 'live';

CREATE VIEW article_listed AS
	SELECT section_id, published, id, title FROM article
	WHERE status = 'live' AND pinned = 0;

CREATE VIEW article_pinned AS
	SELECT section_id, published, id, title FROM article
	WHERE status = 'live' AND pinned = 1;

-- How long each section's list is, scheduled articles included.
CREATE TABLE list_length (
	section_id INTEGER PRIMARY KEY REFERENCES section (id)
		ON DELETE CASCADE,
	length INTEGER NOT NULL DEFAULT 0 -- rows of article_listed
) STRICT;

-- The place of the row with rank 200 * block. Block 0 stands before all rows.
CREATE TABLE list_anchor (
	section_id INTEGER NOT NULL REFERENCES section (id) ON DELETE CASCADE,
	block INTEGER NOT NULL,
	published INTEGER NOT NULL, -- of the row with that rank; -1 for block 0
	id INTEGER NOT NULL,        -- its id; 0 for block 0
	PRIMARY KEY (section_id, block)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_anchor_place ON list_anchor (section_id, published, id);

CREATE TRIGGER section_insert AFTER INSERT ON section WHEN NEW.kind = 'news'
BEGIN
	INSERT INTO list_length (section_id) VALUES (NEW.id);
	INSERT INTO list_anchor (section_id, block, published, id)
	VALUES (NEW.id, 0, -1, 0);
END;

CREATE TRIGGER section_kind BEFORE UPDATE OF id, kind ON section
WHEN NEW.id <> OLD.id
	OR (NEW.kind = 'news') <> (OLD.kind = 'news')
BEGIN
	SELECT raise(ABORT, 'a section keeps its id and, if it has articles, its kind');
END;

CREATE TRIGGER article_section BEFORE INSERT ON article
WHEN NOT EXISTS (SELECT 1 FROM list_length WHERE section_id = NEW.section_id)
BEGIN
	SELECT raise(ABORT, 'articles belong to a section of kind news');
END;

CREATE TRIGGER article_section_update BEFORE UPDATE OF section_id ON article
WHEN NOT EXISTS (SELECT 1 FROM list_length WHERE section_id = NEW.section_id)
BEGIN
	SELECT raise(ABORT, 'articles belong to a section of kind news');
END;

-- A row enters a list. The lists are written to through this view, so that
-- the three occasions (insert, update, build again) share one text.
CREATE VIEW list_change (enters, section_id, published, id) AS
	SELECT 0, 0, 0, 0 WHERE 0;

-- AFTER the row is in article. Rows behind it have moved up one rank, so the
-- row with rank 200 * block is now the one before the old one.
CREATE TRIGGER list_enter INSTEAD OF INSERT ON list_change WHEN NEW.enters = 1
BEGIN
	UPDATE list_anchor SET (published, id) = (
		SELECT a.published, a.id FROM article_listed a
		WHERE a.section_id = NEW.section_id
			AND (a.published, a.id)
				< (list_anchor.published, list_anchor.id)
		ORDER BY a.published DESC, a.id DESC LIMIT 1)
	WHERE section_id = NEW.section_id
		AND (published, id) > (NEW.published, NEW.id);
	UPDATE list_length SET length = length + 1
	WHERE section_id = NEW.section_id;
	-- The last row has rank length - 1.
	INSERT INTO list_anchor (section_id, block, published, id)
	SELECT l.section_id, (l.length - 1) / 200, a.published, a.id
	FROM list_length l
	JOIN article_listed a ON a.section_id = l.section_id
	WHERE l.section_id = NEW.section_id AND l.length > 1
		AND l.length % 200 = 1
	ORDER BY a.published DESC, a.id DESC LIMIT 1;
END;

-- BEFORE the row leaves article: rows behind it move down one rank.
CREATE TRIGGER list_leave INSTEAD OF INSERT ON list_change WHEN NEW.enters = 0
BEGIN
	DELETE FROM list_anchor
	WHERE section_id = NEW.section_id AND block > 0 AND block = (
		SELECT (length - 1) / 200 FROM list_length
		WHERE section_id = NEW.section_id AND length % 200 = 1);
	UPDATE list_length SET length = length - 1
	WHERE section_id = NEW.section_id;
	UPDATE list_anchor SET (published, id) = (
		SELECT a.published, a.id FROM article_listed a
		WHERE a.section_id = NEW.section_id
			AND (a.published, a.id)
				> (list_anchor.published, list_anchor.id)
		ORDER BY a.published, a.id LIMIT 1)
	WHERE section_id = NEW.section_id
		AND (published, id) >= (NEW.published, NEW.id);
END;

CREATE TRIGGER article_list_insert AFTER INSERT ON article
WHEN NEW.status = 'live' AND NEW.pinned = 0
BEGIN
	INSERT INTO list_change (enters, section_id, published, id)
	VALUES (1, NEW.section_id, NEW.published, NEW.id);
END;

CREATE TRIGGER article_list_delete BEFORE DELETE ON article
WHEN OLD.status = 'live' AND OLD.pinned = 0
BEGIN
	INSERT INTO list_change (enters, section_id, published, id)
	VALUES (0, OLD.section_id, OLD.published, OLD.id);
END;

CREATE TRIGGER article_list_update_old
BEFORE UPDATE OF id, section_id, status, pinned, published ON article
WHEN OLD.status = 'live' AND OLD.pinned = 0
BEGIN
	INSERT INTO list_change (enters, section_id, published, id)
	VALUES (0, OLD.section_id, OLD.published, OLD.id);
END;

CREATE TRIGGER article_list_update_new
AFTER UPDATE OF id, section_id, status, pinned, published ON article
WHEN NEW.status = 'live' AND NEW.pinned = 0
BEGIN
	INSERT INTO list_change (enters, section_id, published, id)
	VALUES (1, NEW.section_id, NEW.published, NEW.id);
END;

-- The rows from an anchor on: ORDER BY published, id LIMIT n OFFSET (at most
-- 199), with section_id and block given.
CREATE VIEW list_from AS
	SELECT k.section_id, k.block, a.published, a.id, a.title
	FROM list_anchor k
	JOIN article_listed a ON a.section_id = k.section_id
		AND (a.published, a.id) >= (k.published, k.id);

-- Where the lists disagree with the articles: no row, or a trigger is wrong.
-- Reads everything; for tests and for a suspicious operator.
CREATE VIEW list_fault AS
	SELECT section_id, 'length' AS fault FROM list_length l
	WHERE length <> (SELECT count(*) FROM article_listed a
		WHERE a.section_id = l.section_id)
	UNION ALL
	SELECT section_id, 'anchor ' || block FROM (
		SELECT section_id, block, published, id FROM list_anchor
		WHERE block > 0
		EXCEPT
		SELECT section_id, rank / 200, published, id FROM (
			SELECT section_id, published, id, row_number() OVER (
				PARTITION BY section_id
				ORDER BY published, id) - 1 AS rank
			FROM article_listed)
		WHERE rank % 200 = 0)
	UNION ALL
	SELECT section_id, 'anchors' FROM list_length l
	WHERE (SELECT count(*) FROM list_anchor k
		WHERE k.section_id = l.section_id)
		<> max(1, (length + 199) / 200);
