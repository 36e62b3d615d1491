-- SPDX-License-Identifier: ISC
--
-- A row of a 标准发布公告: `guiju import announcement FILE.tsv`. It is shown
-- first; --commit stores it, if no row is refused. Head of the file, before
-- the row of column names, one `key: value` a line:
--   公告 or number: 2026年第12号      发布机构 or issuer
--   日期 or date: YYYY-MM-DD          标题 or title, 网址 or url, 来源 or
--   source: may be missing
-- Columns: 标准号 or number, 标准名称 or title, 代替标准号 or replaces, 实施日期 or
-- implemented.
SELECT 1 AS confirm, coalesce(:head_公告, :head_number) AS announced,
	coalesce(:head_发布机构, :head_issuer) AS issuer,
	coalesce(:head_日期, :head_date) AS issued,
	coalesce(:head_来源, :head_source, :import_source,
		coalesce(:head_发布机构, :head_issuer) || '公告 '
		|| coalesce(:head_公告, :head_number)) AS whose;

SELECT 'the head must say 公告, 发布机构 and 日期' AS fatal
WHERE :announced IS NULL OR :issuer IS NULL OR :issued IS NULL;

SELECT '"' || :issued || '" is no date (YYYY-MM-DD)' AS fatal
WHERE length(:issued) <> 10 OR date(:issued, '+0 days') IS NOT :issued;

SELECT '公告 ' || number || ' was imported already: /announcement/' || id
	|| coalesce(' by import ' || batch_id, '') AS fatal
FROM announcement WHERE number = :announced AND batch_id IS NOT :batch;

SELECT coalesce(:标准号, :number) AS raw, coalesce(:标准名称, :title) AS named,
	coalesce(:代替标准号, :replaces) AS older,
	coalesce(:实施日期, :implemented) AS in_force;

SELECT 'no number' AS refused WHERE :raw IS NULL;

SELECT '"' || :raw || '" is no number of a standard' AS refused
WHERE std_number(:raw) IS NULL OR std_year(:raw) IS NULL;

SELECT :in_force || ' is no date (YYYY-MM-DD)' AS refused
WHERE length(:in_force) <> 10 OR date(:in_force, '+0 days') IS NOT :in_force;

SELECT std_key(:raw) AS key, std_number(:raw) AS printed;

SELECT :printed AS once;

SELECT 'cannot read "' || (value ->> 'raw') || '" among what it replaces'
	AS refused
FROM json_each(std_list(:older)) WHERE value ->> 'number' IS NULL
LIMIT 1;

-- Walking down from what it replaces must not lead back to it.
SELECT 'would make a circle: ' || :printed || ' is replaced by what it replaces'
	AS refused
WHERE :key IN (WITH RECURSIVE older (key) AS (
	SELECT value ->> 'key' FROM json_each(std_list(:older))
	UNION
	SELECT r.to_key FROM older o JOIN relation r ON r.from_key = o.key
	WHERE r.type IN ('replaces', 'partly', 'merges', 'splits',
		'renumbered', 'mandate')
	LIMIT 10000)
	SELECT key FROM older);

SELECT 'changed' AS outcome FROM standard WHERE key = :key;

SELECT coalesce(CASE WHEN s.stub THEN 'known by name only, now ' END, '')
	|| CASE WHEN s.id IS NULL THEN 'new      '
		WHEN s.issued IS :issued AND s.implemented IS :in_force
			AND s.title IS :named THEN 'the same '
		ELSE 'changed  ' END
	|| :printed || '　' || coalesce(:named, '(no title)')
	|| CASE WHEN s.implemented <> :in_force THEN '　实施 '
		|| s.implemented || ' -> ' || :in_force ELSE '' END
	|| CASE WHEN s.title <> :named THEN '　was: ' || s.title ELSE '' END
	AS say
FROM (SELECT 1) LEFT JOIN standard s ON s.key = :key;

SELECT CASE WHEN s.id IS NULL
	THEN '  unknown predecessor ' || (j.value ->> 'number')
		|| ': kept by name only'
	ELSE '  replaces ' || s.number || '　' || s.name
		|| coalesce('　already replaced by ' || s.successor_key, '')
	END AS say
FROM json_each(std_list(:older)) j LEFT JOIN standard s
	ON s.key = j.value ->> 'key';

INSERT INTO import_journal (batch_id, kind, key, before)
SELECT :batch, 'standard', key, json_patch(json_object('number', number,
	'family', family, 'bare', bare, 'digits', digits, 'prefix', prefix,
	'year', year, 'sort', sort, 'level', level, 'mandate', mandate,
	'title', title, 'title_en', title_en, 'title_orig', title_orig,
	'kind', kind, 'edition', edition, 'stated', stated, 'stage', stage,
	'issued', issued, 'implemented', implemented, 'abolished', abolished),
	json_object('confirmed', confirmed, 'ics', ics, 'ccs', ccs,
	'issuer_id', issuer_id, 'committee_id', committee_id, 'owner', owner,
	'drafters', drafters, 'region', region, 'filing', filing, 'plan', plan,
	'pages', pages, 'language', language, 'fulltext_url', fulltext_url,
	'note', note, 'source', source, 'verified_at', verified_at,
	'batch_id', batch_id, 'fingerprint', fingerprint, 'stub', stub))
FROM standard WHERE key = :key AND batch_id IS NOT :batch;

INSERT INTO import_journal (batch_id, kind, key, before)
SELECT :batch, 'relation', from_key, json_object('type', type, 'to_key',
	to_key, 'from_number', from_number, 'to_number', to_number,
	'degree', degree, 'day', day, 'note', note, 'claims', claims,
	'source', source, 'verified_at', verified_at, 'batch_id', batch_id)
FROM relation WHERE from_key = :key AND type = 'replaces'
	AND batch_id IS NOT :batch;

INSERT INTO org (name, kind, source, verified_at, batch_id)
VALUES (:issuer, 'issuer', :whose, :issued, :batch)
ON CONFLICT DO NOTHING;

-- What it replaces, by name only where the catalogue does not have it.
INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
	level, mandate, source, verified_at, batch_id, stub)
SELECT std_key(n), n, coalesce(std_family(n), std_key(n)),
	coalesce(std_bare(n), std_key(n)), std_digits(n), std_prefix(n),
	std_year(n), coalesce(std_sort(n), std_key(n)),
	coalesce(std_level(n), '其他'), std_mandate(n), :whose, :issued, :batch, 1
FROM (SELECT value ->> 'number' AS n FROM json_each(std_list(:older)))
WHERE std_key(n) <> :key
ON CONFLICT (key) DO NOTHING;

INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
	level, mandate, title, issued, implemented, issuer_id, source,
	verified_at, batch_id, stub)
VALUES (:key, :printed, coalesce(std_family(:raw), :key),
	coalesce(std_bare(:raw), :key), std_digits(:raw), std_prefix(:raw),
	std_year(:raw), coalesce(std_sort(:raw), :key),
	coalesce(std_level(:raw), '其他'), std_mandate(:raw), :named, :issued,
	:in_force, (SELECT id FROM org WHERE name = :issuer), :whose, :issued,
	:batch, 0)
ON CONFLICT (key) DO UPDATE SET title = coalesce(excluded.title, title),
	issued = excluded.issued,
	implemented = coalesce(excluded.implemented, implemented),
	issuer_id = excluded.issuer_id, stated = NULL, stage = NULL,
	source = excluded.source, verified_at = excluded.verified_at,
	batch_id = excluded.batch_id, fingerprint = NULL, stub = 0;

INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
	source, verified_at, batch_id)
SELECT :key, 'replaces', value ->> 'key', :printed, value ->> 'number', 1,
	:whose, :issued, :batch
FROM json_each(std_list(:older)) WHERE value ->> 'key' <> :key
ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0;

INSERT INTO announcement (number, issuer, title, day, url, created, source,
	verified_at, batch_id)
VALUES (:announced, :issuer, coalesce(:head_标题, :head_title,
	:issuer || '公告（' || :announced || '）'), :issued,
	CASE WHEN coalesce(:head_网址, :head_url) GLOB 'http*://*'
		THEN coalesce(:head_网址, :head_url) END,
	unixepoch(), :whose, :issued, :batch)
ON CONFLICT (number) DO NOTHING;

SELECT id AS announcement_id FROM announcement WHERE number = :announced;

INSERT INTO announcement_item (announcement_id, position, key, number, title,
	replaces, implemented)
SELECT :announcement_id, 1 + count(*), :key, :printed, :named, :older,
	:in_force
FROM announcement_item WHERE announcement_id = :announcement_id;

INSERT INTO change_event (key, kind, old, new, day, created, announcement_id,
	batch_id)
SELECT :key, 'issued', NULL, :printed, :in_force, unixepoch(),
	:announcement_id, :batch
UNION ALL
SELECT value ->> 'key', 'replaced', value ->> 'number', :printed, :in_force,
	unixepoch(), :announcement_id, :batch
FROM json_each(std_list(:older));
