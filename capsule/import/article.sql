-- SPDX-License-Identifier: ISC
--
-- How `guiju import article` stores one file: these statements, in order, in
-- one transaction. Parameters: the fields of the file's head, :body, :file,
-- and for the statement that names them, once for each attachment,
-- :attachment_path, _label, _mime, _bytes, _position. A column that comes out
-- of a statement is a parameter of those after it.

SELECT 'no title' AS refused WHERE coalesce(trim(:title), '') = '';

SELECT 'no section "' || coalesce(:section, '') || '" that holds articles; '
	|| 'there are: ' || (SELECT group_concat(slug || ' ' || name, ', ')
		FROM section WHERE kind = 'news') AS refused
WHERE NOT EXISTS (SELECT 1 FROM section
	WHERE kind = 'news' AND :section IN (slug, name));

SELECT '"' || :status || '" is no status: live or draft' AS refused
WHERE :status NOT IN ('live', 'draft');

SELECT 'attachments lie in static/files/, not in static/' || :attachment_path
	AS refused
WHERE :attachment_path NOT GLOB 'files/[^.]*'
	OR :attachment_path GLOB 'files/*/*';

SELECT '/article/' || id AS already FROM article
WHERE title = trim(:title) AND source IS nullif(trim(:source), '')
ORDER BY id LIMIT 1;

SELECT id AS section_id FROM section
WHERE kind = 'news' AND :section IN (slug, name);

INSERT INTO article (section_id, status, published, updated, pinned, sample,
	kicker, title, subtitle, byline, source, source_url, publisher,
	summary, body)
VALUES (:section_id, coalesce(:status, 'live'),
	coalesce(:published, unixepoch()), coalesce(:published, unixepoch()),
	coalesce(:pinned, 0), coalesce(:sample, 0), nullif(trim(:kicker), ''),
	trim(:title), nullif(trim(:subtitle), ''), nullif(trim(:byline), ''),
	nullif(trim(:source), ''), nullif(trim(:source_url), ''),
	nullif(trim(:publisher), ''), nullif(trim(:summary), ''), :body)
RETURNING id AS article_id, '/article/' || id AS address;

INSERT INTO attachment (article_id, position, file, label, mime, bytes)
VALUES (:article_id, :attachment_position, substr(:attachment_path, 7),
	coalesce(nullif(trim(:attachment_label), ''),
		substr(:attachment_path, 7)),
	:attachment_mime, :attachment_bytes);

-- The search index: first forget what it says of what has changed, then
-- learn what is there now.
INSERT INTO title_fts (title_fts, rowid, title, kicker, subtitle, source, mark)
SELECT 'delete', article_id, title, kicker, subtitle, source, mark
FROM search_change WHERE indexed = 1;

INSERT INTO body_fts (body_fts, rowid, prose, mark)
SELECT 'delete', article_id, prose, mark FROM search_change WHERE indexed = 1;

INSERT INTO title_fts (rowid, title, kicker, subtitle, source, mark)
SELECT s.id, s.title, s.kicker, s.subtitle, s.source, s.mark
FROM search_change c JOIN article_searched s ON s.id = c.article_id;

INSERT INTO body_fts (rowid, prose, mark)
SELECT s.id, s.prose, s.mark
FROM search_change c JOIN article_searched s ON s.id = c.article_id;

-- The standards that the texts name; a text is not a catalogue, and no more
-- than 50 are listed.
DELETE FROM article_standard
WHERE article_id IN (SELECT article_id FROM search_change);

INSERT INTO article_standard (article_id, place, number, key)
SELECT a.id, j.key, json_extract(j.value, '$.number'),
	json_extract(j.value, '$.key')
FROM search_change c JOIN article a ON a.id = c.article_id
JOIN json_each(std_mentions(a.body)) j
WHERE a.status = 'live' AND j.key < 50;

DELETE FROM search_change;
