-- SPDX-License-Identifier: ISC
--
-- Numbers are read to their end now, and letters of other scripts count: some
-- have another key than before, or are printed otherwise. What is stored gets
-- the keys that are asked for from now on. Where two rows would share a key,
-- the second keeps its own until it is imported again.

CREATE TABLE rekeyed (
	old TEXT PRIMARY KEY,
	new TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

INSERT INTO rekeyed (old, new)
SELECT key, std_key(number) FROM standard
WHERE std_key(number) <> key
	AND std_key(number) NOT IN (SELECT key FROM standard)
ON CONFLICT DO NOTHING;

UPDATE standard SET (key, number, family, bare, digits, prefix, sort, level,
	mandate) = (std_key(number), coalesce(std_number(number), number),
	std_family(number), std_bare(number), std_digits(number),
	std_prefix(number), std_sort(number),
	coalesce(std_level(number), '其他'), std_mandate(number)),
	year = coalesce(std_year(number), year)
WHERE key IN (SELECT old FROM rekeyed)
	OR (std_key(number) = key AND (std_number(number) <> number
		OR std_family(number) <> family OR std_sort(number) <> sort));

CREATE TABLE relinked (
	from_key TEXT NOT NULL,
	type TEXT NOT NULL,
	to_key TEXT NOT NULL,
	new_from TEXT NOT NULL,
	new_to TEXT NOT NULL,
	PRIMARY KEY (from_key, type, to_key)
) STRICT, WITHOUT ROWID;

INSERT INTO relinked (from_key, type, to_key, new_from, new_to)
SELECT * FROM (SELECT from_key, type, to_key,
	iif(std_key(from_number) GLOB '*[0-9]*', std_key(from_number), from_key)
		AS new_from,
	iif(std_key(to_number) GLOB '*[0-9]*', std_key(to_number), to_key)
		AS new_to
	FROM relation)
WHERE from_key <> new_from OR to_key <> new_to;

INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
	day, note, claims, source, verified_at, batch_id)
SELECT c.new_from, r.type, c.new_to,
	coalesce(std_number(r.from_number), r.from_number),
	coalesce(std_number(r.to_number), r.to_number), r.degree, r.day,
	r.note, r.claims, r.source, r.verified_at, r.batch_id
FROM relinked c JOIN relation r USING (from_key, type, to_key)
WHERE c.new_from <> c.new_to
ON CONFLICT DO NOTHING;

DELETE FROM relation
WHERE (from_key, type, to_key) IN (SELECT from_key, type, to_key FROM relinked);

DROP TABLE relinked;

INSERT INTO standard_said (key, source, fingerprint, batch_id)
SELECT new, source, fingerprint, batch_id FROM standard_said
JOIN rekeyed ON old = key WHERE true
ON CONFLICT DO NOTHING;

DELETE FROM standard_said WHERE key IN (SELECT old FROM rekeyed);

UPDATE import_journal SET key = (SELECT new FROM rekeyed WHERE old = key)
WHERE key IN (SELECT old FROM rekeyed);

UPDATE change_event SET key = (SELECT new FROM rekeyed WHERE old = key)
WHERE key IN (SELECT old FROM rekeyed);

UPDATE announcement_item SET key = std_key(number)
WHERE std_key(number) <> key;

UPDATE status_dispute SET key = std_key(number) WHERE std_key(number) <> key;

DROP TABLE rekeyed;

-- The search index, as import/end.sql follows a change up.
INSERT INTO standard_fts (standard_fts, rowid, number, title, title_en,
	title_orig, marks)
SELECT 'delete', standard_id, number, title, title_en, title_orig, marks
FROM standard_search_change WHERE indexed = 1 ORDER BY standard_id;

INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
SELECT s.id, s.number, s.title, s.title_en, s.title_orig, s.marks
FROM standard_search_change c JOIN standard s ON s.id = c.standard_id
ORDER BY s.id;

DELETE FROM standard_search_change;

-- Lists that wait for their confirmation.
UPDATE validity_draft_line SET (number, key, rest) = (
	SELECT value ->> 'number', value ->> 'key', value ->> 'rest'
	FROM json_each(std_list(raw)) LIMIT 1)
WHERE std_key(raw) IS NOT key;

DELETE FROM article_standard;

INSERT INTO article_standard (article_id, place, number, key)
SELECT a.id, j.key, json_extract(j.value, '$.number'),
	json_extract(j.value, '$.key')
FROM article a JOIN json_each(std_mentions(a.body)) j
WHERE a.status = 'live' AND j.key < 50;
