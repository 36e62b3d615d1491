-- SPDX-License-Identifier: ISC
--
-- What the index of derived/article_search.sql does not know yet.
CREATE TRIGGER article_search_insert AFTER INSERT ON article
WHEN NEW.status = 'live'
BEGIN
	INSERT INTO search_change (article_id, indexed) VALUES (NEW.id, 0)
	ON CONFLICT DO NOTHING;
END;

-- What was noted first is what the index holds: later changes add nothing.
CREATE TRIGGER article_search_update AFTER UPDATE OF
	id, section_id, status, title, kicker, subtitle, source, byline, body
	ON article
WHEN OLD.status = 'live' OR NEW.status = 'live'
BEGIN
	INSERT INTO search_change (article_id, indexed, title, kicker,
		subtitle, source, mark, prose)
	VALUES (OLD.id, OLD.status = 'live', OLD.title, OLD.kicker,
		OLD.subtitle, OLD.source,
		(SELECT mark FROM section WHERE id = OLD.section_id), OLD.prose)
	ON CONFLICT DO NOTHING;
	INSERT INTO search_change (article_id, indexed) VALUES (NEW.id, 0)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER article_search_delete AFTER DELETE ON article
WHEN OLD.status = 'live'
BEGIN
	INSERT INTO search_change (article_id, indexed, title, kicker,
		subtitle, source, mark, prose)
	VALUES (OLD.id, 1, OLD.title, OLD.kicker, OLD.subtitle, OLD.source,
		(SELECT mark FROM section WHERE id = OLD.section_id), OLD.prose)
	ON CONFLICT DO NOTHING;
END;
