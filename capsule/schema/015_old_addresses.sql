-- SPDX-License-Identifier: ISC
--
-- What becomes of an address: withdrawn with a reason, or moved elsewhere.

-- What nobody sees: controls, blanks of all widths, marks without a shape. SQL
-- of its own, so that any sqlite3 can change an article.
CREATE VIEW unseen (characters) AS
	WITH RECURSIVE span (code, last) AS (
		VALUES (1, 32), (127, 160), (173, 173), (847, 847),
			(1564, 1564), (4447, 4448), (5760, 5760), (6068, 6069),
			(6155, 6158), (8192, 8207), (8232, 8239), (8287, 8303),
			(10240, 10240), (12288, 12288), (12644, 12644),
			(65024, 65039), (65279, 65279), (65440, 65440),
			(65529, 65531), (65534, 65535)
		UNION ALL SELECT code + 1, last FROM span WHERE code < last)
	SELECT group_concat(char(code), '') FROM span;

-- The CHECK of 001 lets NULL pass, and a table's CHECK cannot be changed. What
-- was stored without a reason gets one that claims nothing.
UPDATE article SET reason = '原因未注明'
WHERE status = 'withdrawn'
	AND trim(coalesce(reason, ''), (SELECT characters FROM unseen)) = '';

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

-- A service can have had another address, too.
CREATE TABLE old_address_of_all (
	path TEXT PRIMARY KEY CHECK (path GLOB '/*'), -- any address, as it was
		-- written or percent-encoded, with its '?' if it had one:
		-- /bzhfw/gnwbzhdt/2019/01/1234, /show.asp?id=12, /article/17,
		-- /news/old/ (and all below it), /page/old, /service/old
	article_id INTEGER REFERENCES article (id), -- one of these
	section_id INTEGER REFERENCES section (id),
	service_id INTEGER REFERENCES service (id),
	CHECK ((article_id IS NOT NULL) + (section_id IS NOT NULL)
		+ (service_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
INSERT INTO old_address_of_all (path, article_id, section_id)
SELECT path, article_id, section_id FROM old_address;
DROP TABLE old_address;
ALTER TABLE old_address_of_all RENAME TO old_address;
-- Servers of old portals took names in any case, and %b1 is %B1 anyway.
CREATE INDEX old_address_any_case ON old_address (path COLLATE NOCASE);
CREATE INDEX old_address_article ON old_address (article_id);
CREATE INDEX old_address_section ON old_address (section_id);
CREATE INDEX old_address_service ON old_address (service_id);

-- Where an old address leads now. is_folder: what was below it is below that;
-- stays: what is there is not itself withdrawn.
CREATE VIEW old_address_now AS
	SELECT o.path, CASE WHEN o.article_id IS NOT NULL
			THEN '/article/' || o.article_id
		WHEN o.service_id IS NOT NULL THEN '/service/' || v.slug
		WHEN s.kind = 'news' THEN '/news/' || s.slug || '/'
		WHEN s.kind = 'page' THEN '/page/' || s.slug
		ELSE '/service/' END AS now_at,
		coalesce(s.kind = 'news', 0) AS is_folder,
		coalesce(a.status = 'live', 1) AS stays
	FROM old_address o
	LEFT JOIN article a ON a.id = o.article_id
	LEFT JOIN section s ON s.id = o.section_id
	LEFT JOIN service v ON v.id = o.service_id;
