-- SPDX-License-Identifier: ISC
--
-- What an article may not be.
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

CREATE TRIGGER section_kind BEFORE UPDATE OF id, kind ON section
WHEN NEW.id <> OLD.id
	OR (NEW.kind = 'news') <> (OLD.kind = 'news')
BEGIN
	SELECT raise(ABORT, 'a section keeps its id and, if it has articles, its kind');
END;

-- The CHECK of the table lets NULL pass, and blanks.
CREATE TRIGGER article_reason_insert BEFORE INSERT ON article
WHEN NEW.status = 'withdrawn'
	AND trim(coalesce(NEW.reason, ''), (SELECT characters FROM unseen)) = ''
BEGIN
	SELECT raise(ABORT, 'a withdrawn article says why: reason');
END;

CREATE TRIGGER article_reason_update BEFORE UPDATE OF status, reason ON article
WHEN NEW.status = 'withdrawn'
	AND trim(coalesce(NEW.reason, ''), (SELECT characters FROM unseen)) = ''
BEGIN
	SELECT raise(ABORT, 'a withdrawn article says why: reason');
END;
