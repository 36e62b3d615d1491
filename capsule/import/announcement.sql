%# SPDX-License-Identifier: ISC
%#
%# an announcement (标准发布公告), stored by --commit
%#
%# It is stored if no row is refused. Head of the file, before
%# the row of column names, one `key: value` a line:
%#   公告 or number: 2026年第12号      发布机构 or issuer
%#   日期 or date: YYYY-MM-DD          标题 or title, 网址 or url, 来源 or
%#   source: may be missing
%# Columns: 标准号 or number, 标准名称 or title, 代替标准号 or replaces, 实施日期 or
%# implemented, 废止日期 or abolished (of a standard that is repealed and not
%# replaced), and what else such tables call them, see below.
% needs :head_公告 :head_number :head_发布机构 :head_issuer :head_日期 :head_date
%     :head_来源 :head_source :head_标题 :head_title :head_网址 :head_url :标准号 :标准编号
%     :国家标准编号 :number :标准名称 :国家标准名称 :名称 :title :代替标准号 :代替标准编号 :代替国家标准号 :代替标准
%     :replaces :实施日期 :implemented :废止日期 :abolished :序号 :batch
% gives :existing :confirm
% one SELECT 1 AS confirm, coalesce(:head_公告, :head_number) AS announced,
%     coalesce(:head_发布机构, :head_issuer) AS issuer,
%     coalesce(:head_日期, :head_date) AS dated,
%     text_day(coalesce(:head_日期, :head_date), '年月日号') AS issued,
%     coalesce(:head_来源, :head_source, :import_source,
%         coalesce(:head_发布机构, :head_issuer) || '公告 '
%         || coalesce(:head_公告, :head_number)) AS whose
% if :announced IS NULL OR :issuer IS NULL OR :dated IS NULL
% fail fatal the head must say 公告, 发布机构 and 日期
% elif length(:issued) IS NOT 10
% fail fatal "{dated}" is not a date (YYYY-MM-DD)
% end
% each SELECT id AS there, coalesce(' by import ' || batch_id, '') AS by
%     FROM announcement WHERE number = :announced AND issuer = :issuer
%         AND batch_id IS NOT :batch
% fail fatal {issuer}公告 {announced} was imported already: /announcement/{there}{by}
% end
% each SELECT issuer AS other, id AS there FROM announcement
%     WHERE number = :announced AND issuer <> :issuer
%         AND NOT EXISTS (SELECT 1 FROM announcement WHERE batch_id = :batch)
another body, {other}, has a 公告 {announced} as well: /announcement/{there}
% end

%# The page counts the rows itself, whatever :序号 says.
% one SELECT coalesce(:标准号, :标准编号, :国家标准编号, :number) AS raw,
%     coalesce(:标准名称, :国家标准名称, :名称, :title) AS named,
%     coalesce(:代替标准号, :代替标准编号, :代替国家标准号, :代替标准,
%         :replaces) AS older_text,
%     std_said(coalesce(:实施日期, :implemented)) AS effective,
%     std_said(coalesce(:废止日期, :abolished)) AS repealed,
%     :序号 AS position
% if :raw IS NULL
% fail refused no number
% elif std_number(:raw) IS NULL OR std_year(:raw) IS NULL
% fail refused "{raw}" is not the number of a standard
% end
% one SELECT std_replaced(:older_text) AS older_list,
%     iif(std_replaced(:older_text) IS NULL, NULL, :older_text) AS older
% each SELECT column1 AS wrong FROM (VALUES (:effective), (:repealed))
%     WHERE column1 IS NOT NULL
%         AND (length(text_day(column1, '年月日号')) IS NOT 10
%         OR text_day(column1, '年月日号') > '2199') LIMIT 1
% fail refused "{wrong}" is not a date (YYYY-MM-DD)
% end
% if :repealed IS NOT NULL AND coalesce(:effective, :older) IS NOT NULL
% fail refused a standard that is repealed (废止日期) neither begins to be in force nor replaces another
% end
% one SELECT std_key(:raw) AS key, std_number(:raw) AS printed,
%     text_day(:effective, '年月日号') AS in_force,
%     text_day(:repealed, '年月日号') AS ends_on,
%     CASE WHEN :repealed IS NULL THEN :issued END AS issued_on

%# GB/T 19001-2016/ISO 9001:2015 IDT is written after ISO 9001:2015;
%# GB 2760-2014/XG1-2026 amends GB 2760-2014.
% one SELECT std_number(tail) AS adopts_number, std_key(tail) AS adopts_key,
%         CASE WHEN substr(upper(tail), -3) IN ('IDT', 'MOD', 'NEQ', 'EQV')
%             THEN substr(upper(tail), -3) END AS degree
%     FROM (SELECT substr(:raw, instr(upper(:raw), column1) + 1) AS tail,
%             substr(:raw, 1, instr(upper(:raw), column1) - 1) AS before
%         FROM (VALUES ('/ISO'), ('/IEC'), ('/ITU'), ('/CISPR'))
%         WHERE instr(upper(:raw), column1) > 1
%         ORDER BY instr(upper(:raw), column1) LIMIT 1)
%     WHERE std_number(before) = :printed AND std_number(tail) IS NOT NULL
% none
% end
% one SELECT std_number(base) AS amends_number, std_key(base) AS amends_key
%     FROM (SELECT substr(:printed, 1, instr(upper(:printed), '/XG') - 1) AS base)
%     WHERE instr(upper(:printed), '/XG') > 1 AND std_number(base) IS NOT NULL
% none
% end
% one SELECT import_once(:printed) AS before
% if :before IS NOT NULL
% fail refused {printed} is on line {before} already
% elif json_type(:older_list) = 'object'
% one SELECT :older_list ->> 'unread' AS unread
% fail refused cannot read "{unread}" among what it replaces
% end

%# Walking down from what it replaces must not lead back to it.
% if :key IN (WITH RECURSIVE older (key) AS (
%         SELECT value ->> 'key' FROM json_each(:older_list)
%         UNION
%         SELECT r.to_key FROM older o JOIN relation r ON r.from_key = o.key
%         WHERE r.type IN ('replaces', 'partly', 'merges', 'splits',
%             'renumbered', 'mandate')
%         LIMIT 10000)
%         SELECT key FROM older)
% fail refused would make a circle: {printed} is replaced by what it replaces
% end

% one SELECT EXISTS (SELECT 1 FROM standard WHERE key = :key) AS existing
% include _shown.sql
% include _journal.sql
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'relation', from_key, json_object('type', type, 'to_key',
%         to_key, 'from_number', from_number, 'to_number', to_number,
%         'degree', degree, 'day', day, 'note', note, 'claims', claims,
%         'source', source, 'verified_at', verified_at, 'batch_id', batch_id)
%     FROM relation WHERE from_key = :key
%         AND type IN ('replaces', 'partly', 'adopts', 'amends')
%         AND batch_id IS NOT :batch

% do INSERT INTO org (name, kind, source, verified_at, batch_id)
%     VALUES (:issuer, 'issuer', :whose, :issued, :batch)
%     ON CONFLICT DO NOTHING

%# What it replaces, by name only where the catalogue does not have it.
% do INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
%         level, mandate, source, verified_at, batch_id, stub)
%     SELECT std_key(n), n, coalesce(std_family(n), std_key(n)),
%         coalesce(std_bare(n), std_key(n)), std_digits(n), std_prefix(n),
%         std_year(n), coalesce(std_sort(n), std_key(n)),
%         coalesce(std_level(n), '其他'), std_mandate(n), :whose, :issued, :batch, 1
%     FROM (SELECT value ->> 'number' AS n FROM json_each(:older_list))
%     WHERE std_key(n) <> :key
%     ON CONFLICT (key) DO NOTHING

% do INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
%         level, mandate, title, issued, implemented, abolished, issuer_id,
%         source, verified_at, batch_id, stub)
%     VALUES (:key, :printed, coalesce(std_family(:raw), :key),
%         coalesce(std_bare(:raw), :key), std_digits(:raw), std_prefix(:raw),
%         std_year(:raw), coalesce(std_sort(:raw), :key),
%         coalesce(std_level(:raw), '其他'), std_mandate(:raw), :named, :issued_on,
%         :in_force, :ends_on, CASE WHEN :ends_on IS NULL
%             THEN (SELECT id FROM org WHERE name = :issuer) END,
%         :whose, :issued, :batch, :ends_on IS NOT NULL)
%     ON CONFLICT (key) DO UPDATE SET title = coalesce(excluded.title, title),
%         issued = coalesce(excluded.issued, issued),
%         implemented = coalesce(excluded.implemented, implemented),
%         abolished = coalesce(excluded.abolished, abolished),
%         issuer_id = coalesce(excluded.issuer_id, issuer_id),
%         stated = NULL, stage = NULL,
%         source = excluded.source, verified_at = excluded.verified_at,
%         batch_id = excluded.batch_id, fingerprint = NULL,
%         stub = min(stub, excluded.stub)

% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT :key, iif(value ->> 'partly', 'partly', 'replaces'), value ->> 'key',
%         :printed, value ->> 'number', 1, :whose, :issued, :batch
%     FROM json_each(:older_list) WHERE value ->> 'key' <> :key
%     ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0

% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
%         claims, source, verified_at, batch_id)
%     SELECT :key, column1, column2, :printed, column3, column4, 1, :whose, :issued,
%         :batch
%     FROM (VALUES ('adopts', :adopts_key, :adopts_number, :degree),
%         ('amends', :amends_key, :amends_number, NULL))
%     WHERE column2 <> :key
%     ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0

% do INSERT INTO announcement (number, issuer, title, day, url, created, source,
%         verified_at, batch_id)
%     SELECT :announced, :issuer, coalesce(:head_标题, :head_title,
%         :issuer || '公告（' || :announced || '）'), :issued,
%         CASE WHEN coalesce(:head_网址, :head_url) GLOB 'http*://*'
%             THEN coalesce(:head_网址, :head_url) END,
%         unixepoch(), :whose, :issued, :batch
%     WHERE NOT EXISTS (SELECT 1 FROM announcement
%         WHERE number = :announced AND issuer = :issuer)

% one SELECT id AS announcement_id FROM announcement
%     WHERE number = :announced AND issuer = :issuer
% do INSERT INTO announcement_item (announcement_id, position, key, number, title,
%         replaces, implemented)
%     SELECT :announcement_id, 1 + count(*), :key, :printed, :named, :older,
%         :in_force
%     FROM announcement_item WHERE announcement_id = :announcement_id

% do INSERT INTO change_event (key, kind, old, new, day, created, announcement_id,
%         batch_id)
%     SELECT :key, CASE WHEN :ends_on IS NULL THEN 'issued' ELSE 'changed' END,
%         CASE WHEN :ends_on IS NOT NULL THEN :printed END,
%         CASE WHEN :ends_on IS NULL THEN :printed ELSE '废止 ' || :ends_on END,
%         coalesce(:in_force, :ends_on), unixepoch(), :announcement_id, :batch
%     UNION ALL
%     SELECT value ->> 'key', iif(value ->> 'partly', 'changed', 'replaced'),
%         value ->> 'number', iif(value ->> 'partly', '部分被代替 ', '')
%             || :printed, :in_force, unixepoch(), :announcement_id, :batch
%     FROM json_each(:older_list)
%     UNION ALL
%     SELECT :amends_key, 'amended', :amends_number, :printed, :in_force, unixepoch(),
%         :announcement_id, :batch
%     WHERE :amends_key IS NOT NULL
