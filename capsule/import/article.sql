-- SPDX-License-Identifier: ISC
--
-- How `guiju import article` stores one file: these statements, in order, in
-- one transaction. Parameters: the fields of the file's head, :body, :file,
-- :file_path, :file_name, :replace, and for the statement that names them, once
-- for each attachment, :attachment_path, _label, _mime, _bytes, _position. A
-- column that comes out of a statement is a parameter of those after it.

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

SELECT 'no article ' || :article || ' that could be corrected' AS refused
WHERE :article IS NOT NULL AND NOT EXISTS (SELECT 1 FROM article
	WHERE :article IN ('/article/' || id, CAST(id AS TEXT)));

SELECT id AS section_id FROM section
WHERE kind = 'news' AND :section IN (slug, name);

-- Which article is this? The one that its head names; else one of this title
-- and source that says the same, or that appeared at the same time and came
-- from this file, from nobody knows which, or agrees in most of the text (a day
-- may bring two of one title, and they are two); else the last that came from
-- this file, if two of title, time and half of the text agree (a file's name may
-- serve for many articles, one after the other); else one with this text from a
-- file of this name.
SELECT id AS same FROM article
WHERE :article IN ('/article/' || id, CAST(id AS TEXT));

WITH piece (text) AS (SELECT value FROM json_each('["' || replace(replace(replace(
		substr(json_quote(substr(replace(:body, '\', '/'), 1, 20000)),
			2), '\n', '","'), '。', '","'), '，', '","') || ']') WHERE length(value) >= 6)
SELECT a.id AS same FROM article a
LEFT JOIN article_import i ON i.article_id = a.id
WHERE :same IS NULL AND a.title = trim(:title)
	AND a.source IS nullif(trim(:source), '')
	AND (a.body = :body OR (a.published = :published
		AND (i.path IS NULL OR i.path = :file_path
			OR (SELECT count(*) > 0 AND 4 * total(text IN (SELECT value
			FROM json_each('["' || replace(replace(replace(
		substr(json_quote(substr(replace(a.body, '\', '/'), 1, 20000)),
			2), '\n', '","'), '。', '","'), '，', '","') || ']'))) >= 3 * count(*) FROM piece))))
ORDER BY a.body = :body DESC, i.path IS :file_path DESC, a.id LIMIT 1;

WITH piece (text) AS (SELECT value FROM json_each('["' || replace(replace(replace(
		substr(json_quote(substr(replace(:body, '\', '/'), 1, 20000)),
			2), '\n', '","'), '。', '","'), '，', '","') || ']') WHERE length(value) >= 6)
SELECT a.id AS same FROM article_import i JOIN article a ON a.id = i.article_id
WHERE :same IS NULL AND i.path = :file_path
	AND (a.body = :body OR (a.title = trim(:title))
		+ (a.published IS coalesce(:published, a.published))
		+ (SELECT count(*) > 0 AND 2 * total(text IN (SELECT value
			FROM json_each('["' || replace(replace(replace(
		substr(json_quote(substr(replace(a.body, '\', '/'), 1, 20000)),
			2), '\n', '","'), '。', '","'), '，', '","') || ']'))) >= count(*) FROM piece) >= 2)
ORDER BY a.id DESC LIMIT 1;

SELECT a.id AS same FROM article_import i JOIN article a ON a.id = i.article_id
WHERE :same IS NULL AND i.name = :file_name AND a.body = :body
ORDER BY a.id LIMIT 1;

SELECT 'this file was imported before, as /article/' || i.article_id
	|| ', and holds another article now; if it is the same, its head says'
	|| ' article: /article/' || i.article_id AS note
FROM article_import i
WHERE :same IS NULL AND i.path = :file_path ORDER BY i.article_id DESC LIMIT 1;

SELECT 'another article of this title and time is there, /article/' || id
	|| '; if this is the same, its head says article: /article/' || id AS note
FROM article
WHERE :same IS NULL AND title = trim(:title) AND published = :published
	AND source IS nullif(trim(:source), '')
ORDER BY id DESC LIMIT 1;

-- Nobody's news of today: what has no time is an editor's to look at.
SELECT 'no time was found: it is stored as a draft, which nobody is shown;'
	|| ' give it a time (published: in a head, or --published) and import'
	|| ' it again' AS note
WHERE :published IS NULL AND :status IS NULL AND :same IS NULL;

INSERT INTO article (section_id, status, published, updated, pinned, sample,
	kicker, title, subtitle, byline, source, source_url, publisher,
	summary, body)
SELECT :section_id,
	coalesce(:status, iif(:published IS NULL, 'draft', 'live')),
	coalesce(:published, unixepoch()), coalesce(:published, unixepoch()),
	coalesce(:pinned, 0), coalesce(:sample, 0), nullif(trim(:kicker), ''),
	trim(:title), nullif(trim(:subtitle), ''), nullif(trim(:byline), ''),
	nullif(trim(:source), ''), nullif(trim(:source_url), ''),
	nullif(trim(:publisher), ''), nullif(trim(:summary), ''), :body
WHERE :same IS NULL
RETURNING id AS article_id, '/article/' || id AS address;

-- A correction: what the file says, but for a time and a status that it does
-- not say. What was withdrawn stays so.
-- when :same
SELECT id AS article_id, text AS before FROM article_text WHERE id = :same;

-- when :same
UPDATE article SET section_id = :section_id,
	status = CASE WHEN status = 'withdrawn' THEN status
		WHEN :status IS NOT NULL THEN :status
		WHEN :published IS NULL THEN status ELSE 'live' END,
	published = coalesce(:published, published),
	pinned = coalesce(:pinned, 0), sample = coalesce(:sample, 0),
	kicker = nullif(trim(:kicker), ''), title = trim(:title),
	subtitle = nullif(trim(:subtitle), ''),
	byline = nullif(trim(:byline), ''), source = nullif(trim(:source), ''),
	source_url = nullif(trim(:source_url), ''),
	publisher = nullif(trim(:publisher), ''),
	summary = nullif(trim(:summary), ''), body = :body
WHERE id = :same;

-- when :same
DELETE FROM attachment WHERE article_id = :same;

INSERT INTO attachment (article_id, position, file, label, mime, bytes)
VALUES (:article_id, :attachment_position, substr(:attachment_path, 7),
	coalesce(nullif(trim(:attachment_label), ''),
		substr(:attachment_path, 7)),
	:attachment_mime, :attachment_bytes);

-- when :same
SELECT text AS after FROM article_text WHERE id = :same;

-- when :same
SELECT '/article/' || :same AS already
WHERE :after = :before OR EXISTS (SELECT 1 FROM article_import
	WHERE article_id = :same AND stored = sha256(:after));

-- when :same
SELECT '/article/' || :same || ' is not as this import would know it: it was'
	|| ' changed in the portal since, or came before imports were'
	|| ' remembered; --replace puts the file in its place' AS refused
WHERE NOT :replace AND NOT EXISTS (SELECT 1 FROM article_import
	WHERE article_id = :same AND stored = sha256(:before));

-- when :same
UPDATE article SET updated = max(published, unixepoch()) WHERE id = :same
RETURNING '/article/' || id AS updated;

-- when :same
SELECT 'it is withdrawn, and stays so' AS note FROM article
WHERE id = :same AND status = 'withdrawn';

-- when :same
SELECT 'it has no time and is still a draft' AS note FROM article
WHERE id = :same AND status = 'draft' AND :status IS NULL
	AND :published IS NULL;

INSERT INTO article_import (article_id, path, name, stored)
SELECT id, :file_path, :file_name, sha256(text) FROM article_text
WHERE id = :article_id
ON CONFLICT (article_id) DO UPDATE SET path = excluded.path,
	name = excluded.name, stored = excluded.stored;

-- The search index: first forget what it says of what has changed, then
-- learn what is there now.
INSERT INTO title_fts (title_fts, rowid, title, kicker, subtitle, source, mark)
SELECT 'delete', article_id, title, kicker, subtitle, source, mark
FROM search_change WHERE indexed = 1 ORDER BY article_id;

INSERT INTO body_fts (body_fts, rowid, prose, mark)
SELECT 'delete', article_id, prose, mark FROM search_change WHERE indexed = 1
ORDER BY article_id;

INSERT INTO title_fts (rowid, title, kicker, subtitle, source, mark)
SELECT s.id, s.title, s.kicker, s.subtitle, s.source, s.mark
FROM search_change c JOIN article_searched s ON s.id = c.article_id
ORDER BY s.id;

INSERT INTO body_fts (rowid, prose, mark)
SELECT s.id, s.prose, s.mark
FROM search_change c JOIN article_searched s ON s.id = c.article_id
ORDER BY s.id;

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
