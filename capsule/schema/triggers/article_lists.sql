-- SPDX-License-Identifier: ISC
--
-- The lists of derived/article_lists.sql. An article at the newest end touches
-- at most one anchor. One that comes or goes in the middle moves each later
-- anchor by one row: two index look-ups for each 200 rows behind it.
CREATE TRIGGER section_insert AFTER INSERT ON section WHEN NEW.kind = 'news'
BEGIN
	INSERT INTO list_length (section_id) VALUES (NEW.id);
	INSERT INTO list_anchor (section_id, block, published, id)
	VALUES (NEW.id, 0, -1, 0);
END;

-- A row enters or leaves a list. The lists are written to through this view, so
-- that insert and update share one text.
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
