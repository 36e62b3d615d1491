-- SPDX-License-Identifier: ISC
--
-- A row of a 标准发布公告: `guiju import announcement FILE.tsv`. It is shown
-- first; --commit stores it, if no row is refused. Head of the file, before
-- the row of column names, one `key: value` a line:
--   公告 or number: 2026年第12号      发布机构 or issuer
--   日期 or date: YYYY-MM-DD          标题 or title, 网址 or url, 来源 or
--   source: may be missing
-- Columns: 标准号 or number, 标准名称 or title, 代替标准号 or replaces, 实施日期 or
-- implemented, 废止日期 or abolished (of a standard that is repealed and not
-- replaced), and what else such tables call them, see below.
SELECT 1 AS confirm, coalesce(:head_公告, :head_number) AS announced,
	coalesce(:head_发布机构, :head_issuer) AS issuer,
	coalesce(:head_日期, :head_date) AS dated,
	coalesce(:head_来源, :head_source, :import_source,
		coalesce(:head_发布机构, :head_issuer) || '公告 '
		|| coalesce(:head_公告, :head_number)) AS whose;

SELECT 'the head must say 公告, 发布机构 and 日期' AS fatal
WHERE :announced IS NULL OR :issuer IS NULL OR :dated IS NULL;

SELECT '"' || :dated || '" is no date (YYYY-MM-DD)' AS fatal
WHERE length(text_day(:dated)) IS NOT 10;

SELECT text_day(:dated) AS issued;

SELECT :issuer || '公告 ' || number || ' was imported already: /announcement/'
	|| id || coalesce(' by import ' || batch_id, '') AS fatal
FROM announcement WHERE number = :announced AND issuer = :issuer
	AND batch_id IS NOT :batch;

SELECT 'another body, ' || issuer || ', has a 公告 ' || number || ' as well: '
	|| '/announcement/' || id AS say
FROM announcement WHERE number = :announced AND issuer <> :issuer
	AND NOT EXISTS (SELECT 1 FROM announcement WHERE batch_id = :batch);

SELECT coalesce(:标准号, :标准编号, :国家标准编号, :number) AS raw,
	coalesce(:标准名称, :国家标准名称, :名称, :title) AS named,
	coalesce(:代替标准号, :代替标准编号, :代替国家标准号, :代替标准,
		:replaces) AS older,
	coalesce(:实施日期, :implemented) AS effective,
	coalesce(:废止日期, :abolished) AS repealed,
	:序号 AS position; -- which the page counts itself

SELECT 'no number' AS refused WHERE :raw IS NULL;

SELECT '"' || :raw || '" is no number of a standard' AS refused
WHERE std_number(:raw) IS NULL OR std_year(:raw) IS NULL;

SELECT std_said(:effective) AS effective, std_said(:repealed) AS repealed,
	std_replaced(:older) AS older_list;

SELECT CASE WHEN :older_list IS NOT NULL THEN :older END AS older;

SELECT '"' || column1 || '" is no date (YYYY-MM-DD)' AS refused
FROM (VALUES (:effective), (:repealed))
WHERE column1 IS NOT NULL AND (length(text_day(column1)) IS NOT 10
	OR text_day(column1) > '2199')
LIMIT 1;

SELECT 'a standard that is repealed (废止日期) neither begins to be in force '
	|| 'nor replaces another' AS refused
WHERE :repealed IS NOT NULL AND coalesce(:effective, :older) IS NOT NULL;

SELECT std_key(:raw) AS key, std_number(:raw) AS printed,
	text_day(:effective) AS in_force, text_day(:repealed) AS ends_on,
	CASE WHEN :repealed IS NULL THEN :issued END AS issued_on;

-- GB/T 19001-2016/ISO 9001:2015 IDT is written after ISO 9001:2015;
-- GB 2760-2014/XG1-2026 amends GB 2760-2014.
SELECT std_number(tail) AS adopts_number, std_key(tail) AS adopts_key,
	CASE WHEN substr(upper(tail), -3) IN ('IDT', 'MOD', 'NEQ', 'EQV')
		THEN substr(upper(tail), -3) END AS degree
FROM (SELECT substr(:raw, instr(upper(:raw), column1) + 1) AS tail,
		substr(:raw, 1, instr(upper(:raw), column1) - 1) AS before
	FROM (VALUES ('/ISO'), ('/IEC'), ('/ITU'), ('/CISPR'))
	WHERE instr(upper(:raw), column1) > 1
	ORDER BY instr(upper(:raw), column1) LIMIT 1)
WHERE std_number(before) = :printed AND std_number(tail) IS NOT NULL;

SELECT std_number(base) AS amends_number, std_key(base) AS amends_key
FROM (SELECT substr(:printed, 1, instr(upper(:printed), '/XG') - 1) AS base)
WHERE instr(upper(:printed), '/XG') > 1 AND std_number(base) IS NOT NULL;

SELECT :printed AS once;

SELECT 'cannot read "' || (:older_list ->> 'unread')
	|| '" among what it replaces' AS refused
WHERE json_type(:older_list) = 'object';

-- Walking down from what it replaces must not lead back to it.
SELECT 'would make a circle: ' || :printed || ' is replaced by what it replaces'
	AS refused
WHERE :key IN (WITH RECURSIVE older (key) AS (
	SELECT value ->> 'key' FROM json_each(:older_list)
	UNION
	SELECT r.to_key FROM older o JOIN relation r ON r.from_key = o.key
	WHERE r.type IN ('replaces', 'partly', 'merges', 'splits',
		'renumbered', 'mandate')
	LIMIT 10000)
	SELECT key FROM older);

SELECT 'changed' AS outcome FROM standard WHERE key = :key;

SELECT coalesce(CASE WHEN s.stub THEN 'known by name only, now ' END, '')
	|| CASE WHEN s.id IS NULL AND :ends_on IS NOT NULL THEN 'unknown  '
		WHEN :ends_on IS NOT NULL THEN 'repealed '
		WHEN s.id IS NULL THEN 'new      '
		WHEN s.issued IS :issued AND s.implemented IS :in_force
			AND s.title IS :named THEN 'the same '
		ELSE 'changed  ' END
	|| :printed || '　' || coalesce(:named, s.name, '(no title)')
	|| coalesce('　废止 ' || :ends_on, '')
	|| CASE WHEN s.implemented <> :in_force THEN '　实施 '
		|| s.implemented || ' -> ' || :in_force ELSE '' END
	|| CASE WHEN s.title <> :named THEN '　was: ' || s.title ELSE '' END
	AS say
FROM (SELECT 1) LEFT JOIN standard s ON s.key = :key;

SELECT CASE WHEN s.id IS NULL THEN '  unknown predecessor '
		|| iif(j.value ->> 'partly', 'in part ', '')
		|| (j.value ->> 'number') || ': kept by name only'
	ELSE '  replaces ' || iif(j.value ->> 'partly', 'a part of ', '')
		|| s.number || '　' || s.name
		|| coalesce('　already replaced by ' || s.successor_key, '')
	END AS say
FROM json_each(:older_list) j LEFT JOIN standard s
	ON s.key = j.value ->> 'key';

SELECT '  ' || column1 || ' ' || column2 || coalesce('　' || s.name,
	': not in the catalogue') AS say
FROM (VALUES ('adopts', :adopts_number, :adopts_key),
	('amends', :amends_number, :amends_key))
	LEFT JOIN standard s ON s.key = column3
WHERE column2 IS NOT NULL;

SELECT '  in force from ' || :in_force || ', before the announcement: '
	|| 'is that right?' AS say
WHERE :in_force < :issued;

SELECT '  no 实施日期: its status will be 待核实' AS say
WHERE :in_force IS NULL AND :ends_on IS NULL;

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
	'batch_id', batch_id, 'fingerprint', fingerprint, 'stub', stub,
	'content', content, 'first_issued', first_issued, 'proposer', proposer,
	'executor', executor, 'drafter_names', drafter_names, 'filed', filed,
	'industry', industry, 'price', price, 'scope', scope,
	'fulltext_mode', fulltext_mode))
FROM standard WHERE key = :key AND batch_id IS NOT :batch;

INSERT INTO import_journal (batch_id, kind, key, before)
SELECT :batch, 'relation', from_key, json_object('type', type, 'to_key',
	to_key, 'from_number', from_number, 'to_number', to_number,
	'degree', degree, 'day', day, 'note', note, 'claims', claims,
	'source', source, 'verified_at', verified_at, 'batch_id', batch_id)
FROM relation WHERE from_key = :key
	AND type IN ('replaces', 'partly', 'adopts', 'amends')
	AND batch_id IS NOT :batch;

INSERT INTO standard_said (key, source, fingerprint, batch_id)
SELECT key, source, fingerprint, :batch FROM standard
WHERE key = :key AND fingerprint IS NOT NULL AND source <> :whose
ON CONFLICT (key, source) DO UPDATE SET (fingerprint, batch_id)
	= (excluded.fingerprint, excluded.batch_id);

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
FROM (SELECT value ->> 'number' AS n FROM json_each(:older_list))
WHERE std_key(n) <> :key
ON CONFLICT (key) DO NOTHING;

INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
	level, mandate, title, issued, implemented, abolished, issuer_id,
	source, verified_at, batch_id, stub)
VALUES (:key, :printed, coalesce(std_family(:raw), :key),
	coalesce(std_bare(:raw), :key), std_digits(:raw), std_prefix(:raw),
	std_year(:raw), coalesce(std_sort(:raw), :key),
	coalesce(std_level(:raw), '其他'), std_mandate(:raw), :named, :issued_on,
	:in_force, :ends_on, CASE WHEN :ends_on IS NULL
		THEN (SELECT id FROM org WHERE name = :issuer) END,
	:whose, :issued, :batch, :ends_on IS NOT NULL)
ON CONFLICT (key) DO UPDATE SET title = coalesce(excluded.title, title),
	issued = coalesce(excluded.issued, issued),
	implemented = coalesce(excluded.implemented, implemented),
	abolished = coalesce(excluded.abolished, abolished),
	issuer_id = coalesce(excluded.issuer_id, issuer_id),
	stated = NULL, stage = NULL,
	source = excluded.source, verified_at = excluded.verified_at,
	batch_id = excluded.batch_id, fingerprint = NULL,
	stub = min(stub, excluded.stub);

INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
	source, verified_at, batch_id)
SELECT :key, iif(value ->> 'partly', 'partly', 'replaces'), value ->> 'key',
	:printed, value ->> 'number', 1, :whose, :issued, :batch
FROM json_each(:older_list) WHERE value ->> 'key' <> :key
ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0;

INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
	claims, source, verified_at, batch_id)
SELECT :key, column1, column2, :printed, column3, column4, 1, :whose, :issued,
	:batch
FROM (VALUES ('adopts', :adopts_key, :adopts_number, :degree),
	('amends', :amends_key, :amends_number, NULL))
WHERE column2 <> :key
ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0;

INSERT INTO announcement (number, issuer, title, day, url, created, source,
	verified_at, batch_id)
SELECT :announced, :issuer, coalesce(:head_标题, :head_title,
	:issuer || '公告（' || :announced || '）'), :issued,
	CASE WHEN coalesce(:head_网址, :head_url) GLOB 'http*://*'
		THEN coalesce(:head_网址, :head_url) END,
	unixepoch(), :whose, :issued, :batch
WHERE NOT EXISTS (SELECT 1 FROM announcement
	WHERE number = :announced AND issuer = :issuer);

SELECT id AS announcement_id FROM announcement
WHERE number = :announced AND issuer = :issuer;

INSERT INTO announcement_item (announcement_id, position, key, number, title,
	replaces, implemented)
SELECT :announcement_id, 1 + count(*), :key, :printed, :named, :older,
	:in_force
FROM announcement_item WHERE announcement_id = :announcement_id;

INSERT INTO change_event (key, kind, old, new, day, created, announcement_id,
	batch_id)
SELECT :key, CASE WHEN :ends_on IS NULL THEN 'issued' ELSE 'changed' END,
	CASE WHEN :ends_on IS NOT NULL THEN :printed END,
	CASE WHEN :ends_on IS NULL THEN :printed ELSE '废止 ' || :ends_on END,
	coalesce(:in_force, :ends_on), unixepoch(), :announcement_id, :batch
UNION ALL
SELECT value ->> 'key', iif(value ->> 'partly', 'changed', 'replaced'),
	value ->> 'number', iif(value ->> 'partly', '部分被代替 ', '')
		|| :printed, :in_force, unixepoch(), :announcement_id, :batch
FROM json_each(:older_list)
UNION ALL
SELECT :amends_key, 'amended', :amends_number, :printed, :in_force, unixepoch(),
	:announcement_id, :batch
WHERE :amends_key IS NOT NULL;
