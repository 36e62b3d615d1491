%# SPDX-License-Identifier: ISC
%#
%# a catalogue of standards, an edition a row
%#
%# The number is in `number` or `ref`; all other columns may be missing:
%#   title_zh title_en title_orig  doctype edition  org (who issues it)
%#   committee, committee_or_owner  owner drafters  issued or published
%#   implemented abolished confirmed  status_zh stage  ics ccs
%#   replaces replaced_by amended_by adopts (lists) degree (IDT, MOD, NEQ)
%#   partly_replaces merges splits renumbered_from mandate_from cites (lists)
%#   region filing plan pages language fulltext_url note
%#   content first_issued proposer executor drafter_names filed industry price
%#   scope fulltext_mode (see schema/001-019_standards.sql)
%#   source  verified_at (a day; - for: nobody has, and its status is 待核实)
%# or the same in Chinese, as the first statement lists it. A dash, 无, NULL
%# and the like in a column of dates, of the status or of what is replaced are
%# nothing (std_said). What replaces it, and what it replaces, is read to its
%# end (std_replaced), or the row is refused.
%# Names of other columns are told and the columns left out. A row that says
%# nothing about a field leaves what another source has said.
%# The columns of the file that this script knows, and what begin.sql gives.
% needs :number :ref :标准号 :title_zh :标准名称 :中文名称 :名称 :title_en :英文名称 :title_orig
%     :doctype :edition :status_zh :状态 :标准状态 :stage :issued :published :发布日期
%     :implemented :实施日期 :abolished :废止日期 :confirmed :复审日期 :replaces :代替标准号
%     :代替标准 :replaced_by :被代替标准号 :被代替标准 :amended_by :adopts :采用标准 :degree :采用程度
%     :partly_replaces :merges :splits :renumbered_from :mandate_from :cites
%     :org :发布单位 :committee :归口单位 :committee_or_owner :owner :主管部门 :drafters
%     :起草单位 :region :filing :备案号 :plan :计划号 :pages :language :fulltext_url
%     :note :备注 :ics :ICS :ccs :CCS :source :来源 :verified_at :核实日期 :year
%     :content :first_issued :proposer :executor :drafter_names :filed
%     :industry :price :scope :fulltext_mode :batch :batch_day :earlier
%     :overruled
% gives :existing
% one SELECT raw, length(raw) > 100 AS is_long, std_key(raw) AS key,
%         coalesce(:title_zh, :标准名称, :中文名称, :名称) AS title_zh,
%         coalesce(:title_en, :英文名称) AS title_en,
%         coalesce(:status_zh, :状态, :标准状态) AS status_zh,
%         coalesce(:issued, :发布日期) AS issued,
%         coalesce(:implemented, :实施日期) AS implemented,
%         coalesce(:abolished, :废止日期) AS abolished,
%         coalesce(:confirmed, :复审日期) AS confirmed,
%         coalesce(:replaces, :代替标准号, :代替标准) AS replaces,
%         coalesce(:replaced_by, :被代替标准号, :被代替标准) AS replaced_by,
%         coalesce(:adopts, :采用标准) AS adopts,
%         coalesce(:degree, :采用程度) AS degree,
%         coalesce(:org, :发布单位) AS org,
%         coalesce(:committee, :归口单位) AS committee,
%         coalesce(:owner, :主管部门) AS owner,
%         coalesce(:drafters, :起草单位) AS drafters,
%         coalesce(:filing, :备案号) AS filing, coalesce(:plan, :计划号) AS plan,
%         coalesce(:note, :备注) AS note, coalesce(:ics, :ICS) AS ics,
%         coalesce(:ccs, :CCS) AS ccs, coalesce(:source, :来源, :import_source) AS whose,
%         coalesce(:verified_at, :核实日期) AS verified_at
%     FROM (SELECT coalesce(:number, :标准号, :ref) AS raw)
% if :raw IS NULL
% fail refused no number
% elif :is_long
% fail refused a number of more than 100 characters
% elif :key IS NULL OR :key NOT GLOB '*[0-9]*'
% fail refused "{raw}" holds no number
% end
%# The day on which this was first so stays: a status that a source states is
%# good from then on.
% one SELECT import_once(:key) AS before,
%     EXISTS (SELECT 1 FROM standard WHERE key = :key
%         AND fingerprint = :fingerprint) AS same
% if :before IS NOT NULL
% fail refused {key} is on line {before} already
% elif :same
% fail unchanged
% elif :overruled AND EXISTS (SELECT 1 FROM standard_said
%     WHERE key = :key AND fingerprint = :fingerprint)
% fail unchanged
% end

%# Most dates are whole: they need no second look. Of the other columns few
%# sources have many.
% one SELECT date(:issued, '+0 days') IS NOT :issued
%         OR date(:published, '+0 days') IS NOT :published
%         OR date(:implemented, '+0 days') IS NOT :implemented
%         OR date(:abolished, '+0 days') IS NOT :abolished
%         OR date(:confirmed, '+0 days') IS NOT :confirmed
%         OR date(:verified_at, '+0 days') IS NOT :verified_at
%         OR max(coalesce(:issued, ''), coalesce(:published, ''),
%             coalesce(:implemented, ''), coalesce(:abolished, ''),
%             coalesce(:confirmed, ''), coalesce(:verified_at, '')) > '2199' AS partial,
%         coalesce(:content, :first_issued, :proposer, :executor, :drafter_names,
%             :filed, :industry, :price, :scope, :fulltext_mode)
%             IS NOT NULL AS more,
%         coalesce(:partly_replaces, :merges, :splits, :renumbered_from,
%             :mandate_from, :cites) IS NOT NULL AS linked,
%         coalesce(:replaces, :replaced_by, :partly_replaces, :merges, :splits,
%             :renumbered_from, :mandate_from) IS NOT NULL AS related_text
%# 9999-12-31 is how a data base writes that there is no end.
% if :partial
% each SELECT column1 AS wrong FROM (VALUES (std_said(:issued)),
%         (std_said(:published)), (std_said(:implemented)),
%         (CASE WHEN :abolished NOT GLOB '9999*' THEN std_said(:abolished) END),
%         (std_said(:confirmed)), (nullif(std_said(:verified_at), '-')))
%     WHERE column1 IS NOT NULL
%         AND coalesce(text_day(column1, '年月日号'), '9') > '2199'
%     LIMIT 1
% fail refused "{wrong}" is not a date (YYYY, YYYY-MM or YYYY-MM-DD)
% end
% end
% one SELECT iif(:partial, text_day(std_said(:issued), '年月日号'), :issued)
%         AS issued,
%     iif(:partial, text_day(std_said(:published), '年月日号'), :published)
%         AS published,
%     iif(:partial, text_day(std_said(:implemented), '年月日号'), :implemented)
%         AS implemented,
%     CASE WHEN NOT :partial THEN :abolished WHEN :abolished NOT GLOB '9999*'
%         THEN text_day(std_said(:abolished), '年月日号') END AS abolished,
%     iif(:partial, text_day(std_said(:confirmed), '年月日号'), :confirmed)
%         AS confirmed,
%     CASE WHEN NOT :partial OR :verified_at IS NULL THEN :verified_at
%         ELSE coalesce(text_day(std_said(:verified_at), '年月日号'), '-') END
%         AS verified_at,
%     (SELECT stated FROM stated_word WHERE word = :status_zh) AS stated,
%         std_replaced(:replaces) AS replaces,
%         std_replaced(:replaced_by) AS replaced_by,
%         std_replaced(:partly_replaces) AS partly_replaces,
%         std_replaced(:merges) AS merges, std_replaced(:splits) AS splits,
%         std_replaced(:renumbered_from) AS renumbered_from,
%         std_replaced(:mandate_from) AS mandate_from
% if :more
% each SELECT column1 AS wrong
%     FROM (VALUES (std_said(:first_issued)), (std_said(:filed)))
%     WHERE column1 IS NOT NULL AND text_day(column1, '年月日号') IS NULL LIMIT 1
% fail refused "{wrong}" is not a date (YYYY, YYYY-MM or YYYY-MM-DD)
% end
% if :fulltext_mode NOT IN ('可下载', '可预览', '不公开')
% fail refused "{fulltext_mode}" is neither 可下载 nor 可预览 nor 不公开
% elif length(:scope) > 300
% fail refused a scope of more than 300 characters
% end
% end
% if :status_zh IS NOT NULL AND :stated IS NULL
% if std_said(:status_zh) IS NOT NULL
% one SELECT group_concat(word, ' ') AS words FROM (SELECT word
%     FROM stated_word ORDER BY stated, word)
% fail refused "{status_zh}" is not a status that is known here: {words}
% end
% end

% if :related_text
% each SELECT column1 AS place, column2 ->> 'unread' AS unread
%     FROM (VALUES ('代替标准号', :replaces), ('被代替标准号', :replaced_by),
%         ('partly_replaces', :partly_replaces), ('merges', :merges),
%         ('splits', :splits), ('renumbered_from', :renumbered_from),
%         ('mandate_from', :mandate_from))
%     WHERE json_type(column2) = 'object'
%     LIMIT 1
% fail refused cannot read "{unread}" in {place}
% end
% end
% if :whose IS NULL
% fail refused no source: say --source
% end

%# What is not out yet has no day of issue. Some sources give an amendment the
%# year of what it amends: its own stands in its number. IEC's own lists leave
%# its name out of its committees'.
% one SELECT coalesce(std_number(:raw), :raw) AS printed,
%         coalesce(std_family(:raw), :key) AS family,
%         coalesce(std_bare(:raw), :key) AS bare, std_digits(:raw) AS digits,
%         std_prefix(:raw) AS prefix,
%         coalesce(std_year(:raw), CASE WHEN :year GLOB '[12][0-9][0-9][0-9]'
%             THEN CAST(:year AS INTEGER) END) AS our_year,
%         coalesce(std_sort(:raw), :key) AS sort,
%         coalesce(std_level(:raw), '其他') AS our_level,
%         std_mandate(:raw) AS our_mandate,
%         CASE WHEN :raw LIKE '%XG%' OR :raw LIKE '%amd%' OR :raw LIKE '%cor%'
%             THEN 1 END AS tail,
%         coalesce(:stage, CASE WHEN :stated <> :status_zh THEN :status_zh END)
%             AS our_stage,
%         CASE WHEN NOT is_out THEN NULL
%             WHEN length(coalesce(:issued, :published)) = 4
%                 AND (:raw LIKE '%amd%' OR :raw LIKE '%cor%')
%                 AND :raw GLOB '*:[12][0-9][0-9][0-9]'
%             THEN max(coalesce(:issued, :published), substr(:raw, -4))
%             ELSE coalesce(:issued, :published) END AS our_issued,
%         CASE WHEN :org IN ('IEC', 'ISO')
%             AND coalesce(:committee, :committee_or_owner) GLOB 'TC [0-9]*'
%             THEN :org || '/' || coalesce(:committee, :committee_or_owner)
%             ELSE coalesce(:committee, :committee_or_owner) END
%             AS looked_after,
%         coalesce(:org, :committee, :committee_or_owner) AS our_org,
%         CASE :verified_at WHEN '-' THEN NULL
%             ELSE coalesce(:verified_at, :batch_day) END AS verified,
%         is_out
%     FROM (SELECT iif(:stated = '制定中' OR :stated = '即将发布'
%         OR :stated = '项目终止', 0, 1) AS is_out)
%# '35.030;03.100.70', '35_030' and worse; what is no code is dropped.
% one SELECT CASE WHEN :ics GLOB '[0-9][0-9].[0-9][0-9][0-9]'
%                 OR :ics GLOB '[0-9][0-9].[0-9][0-9][0-9].[0-9][0-9]'
%             THEN :ics ELSE (SELECT group_concat(code, ' ') FROM (
%             SELECT DISTINCT value AS code
%             FROM json_each(replace(replace(replace(replace(replace(
%                 json_array(:ics), ' ', ''), ',', ';'), '%', ';'),
%                 '_', '.'), ';', '","'))
%             WHERE value GLOB '[0-9][0-9]'
%                 OR value GLOB '[0-9][0-9].[0-9][0-9][0-9]'
%                 OR value GLOB '[0-9][0-9].[0-9][0-9][0-9].[0-9][0-9]'))
%             END AS our_ics,
%         CASE WHEN upper(substr(trim(:ccs), 1, 3)) GLOB '[A-Z][0-9][0-9]'
%             THEN upper(substr(trim(:ccs), 1, 3)) END AS our_ccs

%# A dry run shows what was understood of it.
% if :dry_run IS NOT NULL AND :related_text
% each SELECT iif(value ->> 'partly' AND column2 <> '', column2, column1) AS how,
%         value ->> 'number' AS of,
%         iif(value ->> 'key' = :key, ' (itself: left out)', '') AS itself
%     FROM (VALUES ('replaces', 'replaces a part of', :replaces),
%         ('is replaced by', 'is replaced in part by', :replaced_by),
%         ('replaces a part of', '', :partly_replaces),
%         ('merges', '', :merges), ('is split from', '', :splits),
%         ('is renumbered from', '', :renumbered_from),
%         ('has another nature than', '', :mandate_from)) t
%     JOIN json_each(t.column3) WHERE :is_out
{printed} {how} {of}{itself}
% end
% end

%# Most rows have a known issuer and a known committee.
% if :our_org IS NOT NULL AND (SELECT count(*) FROM org
%         WHERE name = :org OR name = :looked_after)
%     < (:org IS NOT NULL) + (:looked_after IS NOT NULL AND :looked_after IS NOT :org)
% do INSERT INTO org (name, kind, source, verified_at, batch_id)
%     SELECT column1, column2, :whose, :verified, :batch
%     FROM (VALUES (:org, 'issuer'), (:looked_after, 'committee'))
%     WHERE column1 IS NOT NULL
%     ON CONFLICT DO NOTHING
% end

% one SELECT EXISTS (SELECT 1 FROM standard WHERE key = :key) AS existing
% if :existing
% include _journal.sql
% end
%# With relations that an earlier import brought?
% if :earlier AND (:existing OR :linked OR coalesce(:replaces, :replaced_by,
%     :amended_by, :adopts, :tail) IS NOT NULL)
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'relation', from_key, json_object('type', type, 'to_key',
%         to_key, 'from_number', from_number, 'to_number', to_number,
%         'degree', degree, 'day', day, 'note', note, 'claims', claims,
%         'source', source, 'verified_at', verified_at, 'batch_id', batch_id)
%     FROM relation WHERE from_key = :key AND batch_id IS NOT :batch

% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'relation', from_key, json_object('type', type, 'to_key',
%         to_key, 'from_number', from_number, 'to_number', to_number,
%         'degree', degree, 'day', day, 'note', note, 'claims', claims,
%         'source', source, 'verified_at', verified_at, 'batch_id', batch_id)
%     FROM relation WHERE to_key = :key AND batch_id IS NOT :batch
% end

% if :existing
% do DELETE FROM standard_said WHERE key = :key AND source = :whose

% do INSERT INTO change_event (key, kind, old, new, day, created, batch_id)
%     SELECT key, 'changed', concat_was, concat_is, :verified, unixepoch(), :batch
%     FROM (SELECT key, coalesce(stated, '') || '　发布 ' || coalesce(issued, '')
%             || '　实施 ' || coalesce(implemented, '') || '　废止 '
%             || coalesce(abolished, '') AS concat_was,
%         coalesce(:stated, '') || '　发布 '
%             || coalesce(:our_issued, issued, '') || '　实施 '
%             || coalesce(:implemented, implemented, '') || '　废止 '
%             || coalesce(:abolished, abolished, '') AS concat_is
%         FROM standard WHERE key = :key AND stub = 0)
%     WHERE concat_was <> concat_is

% do UPDATE standard SET (number, family, bare, digits, prefix, year, sort, level,
%             mandate, stated, stage, source, verified_at, batch_id, fingerprint,
%             stub)
%         = (:printed, :family, :bare, :digits, :prefix, :our_year, :sort,
%             :our_level, :our_mandate, :stated, :our_stage, :whose, :verified,
%             :batch, :fingerprint, 0),
%         title = coalesce(:title_zh, title),
%         title_en = coalesce(:title_en, title_en),
%         title_orig = coalesce(:title_orig, title_orig),
%         kind = coalesce(:doctype, kind), edition = coalesce(:edition, edition),
%         issued = coalesce(:our_issued, issued),
%         implemented = coalesce(:implemented, implemented),
%         abolished = coalesce(:abolished, abolished),
%         confirmed = coalesce(:confirmed, confirmed),
%         ics = coalesce(:our_ics, ics), ccs = coalesce(:our_ccs, ccs),
%         issuer_id = coalesce((SELECT id FROM org WHERE name = :org), issuer_id),
%         committee_id = coalesce((SELECT id FROM org WHERE name = :looked_after),
%             committee_id),
%         owner = coalesce(:owner, owner), drafters = coalesce(:drafters, drafters),
%         region = coalesce(:region, region), filing = coalesce(:filing, filing),
%         plan = coalesce(:plan, plan),
%         pages = coalesce(CASE WHEN :pages GLOB '[1-9]*'
%             THEN CAST(:pages AS INTEGER) END, pages),
%         language = coalesce(:language, language),
%         fulltext_url = coalesce(CASE WHEN :fulltext_url GLOB 'http*://*'
%             THEN :fulltext_url END, fulltext_url),
%         note = coalesce(:note, note)
%     WHERE key = :key
% else
% do INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
%         level, mandate, title, title_en, title_orig, kind, edition, stated,
%         stage, issued, implemented, abolished, confirmed, ics, ccs, issuer_id,
%         committee_id, owner, drafters, region, filing, plan, pages, language,
%         fulltext_url, note, source, verified_at, batch_id, fingerprint, stub)
%     VALUES (:key, :printed, :family, :bare, :digits, :prefix, :our_year, :sort,
%         :our_level, :our_mandate, :title_zh, :title_en, :title_orig, :doctype,
%         :edition, :stated, :our_stage, :our_issued, :implemented, :abolished,
%         :confirmed, :our_ics, :our_ccs,
%         (SELECT id FROM org WHERE name = :org),
%         (SELECT id FROM org WHERE name = :looked_after), :owner, :drafters,
%         :region, :filing, :plan, CASE WHEN :pages GLOB '[1-9]*'
%             THEN CAST(:pages AS INTEGER) END, :language,
%         CASE WHEN :fulltext_url GLOB 'http*://*' THEN :fulltext_url END, :note,
%         :whose, :verified, :batch, :fingerprint, 0)
% end

% if :more
% do UPDATE standard SET content = coalesce(:content, content),
%         first_issued = coalesce(text_day(std_said(:first_issued), '年月日号'),
%             first_issued),
%         proposer = coalesce(:proposer, proposer),
%         executor = coalesce(:executor, executor),
%         drafter_names = coalesce(:drafter_names, drafter_names),
%         filed = coalesce(text_day(std_said(:filed), '年月日号'), filed),
%         industry = coalesce(:industry, industry),
%         price = coalesce(:price, price), scope = coalesce(:scope, scope),
%         fulltext_mode = coalesce(:fulltext_mode, fulltext_mode)
%     WHERE key = :key
% end

%# What this source said about this row's relations before, it says no more,
%# unless it says it again below.
% if :existing
% do UPDATE relation SET claims = claims & 2
%     WHERE from_key = :key AND claims & 1
%         AND source IS :whose

% do UPDATE relation SET claims = claims & 1
%     WHERE to_key = :key AND claims & 2
%         AND source IS :whose
% end

%# What is not out yet replaces nothing, and is replaced by nothing; the same
%# is true of what has the number of a draft.
% if :is_out AND :replaces IS NOT NULL
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT :key, iif(value ->> 'partly', 'partly', 'replaces'), value ->> 'key',
%         :printed, value ->> 'number', 1, :whose, :verified, :batch
%     FROM json_each(:replaces)
%     WHERE value ->> 'key' <> :key
%         AND (:our_level <> '国际' OR NOT is_draft(value ->> 'key'))
%     ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0
% end
% if :is_out AND :replaced_by IS NOT NULL
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT value ->> 'key', iif(value ->> 'partly', 'partly', 'replaces'), :key,
%         value ->> 'number', :printed, 2, :whose, :verified, :batch
%     FROM json_each(:replaced_by)
%     WHERE value ->> 'key' <> :key
%         AND (:our_level <> '国际' OR NOT is_draft(value ->> 'key'))
%     ON CONFLICT DO UPDATE SET claims = claims | 2 WHERE claims & 2 = 0
% end
%# Amendments: as the base's row lists them, and as their own numbers say.
% if :amended_by IS NOT NULL
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT value ->> 'key', CASE WHEN value ->> 'key' GLOB '*-COR*'
%         THEN 'corrects' ELSE 'amends' END, :key,
%         coalesce(value ->> 'number', value ->> 'raw'), :printed, 2, :whose,
%         :verified, :batch
%     FROM json_each(std_list(:amended_by))
%     WHERE value ->> 'key' <> :key AND value ->> 'key' GLOB '*[0-9]*'
%     ON CONFLICT DO UPDATE SET claims = claims | 2 WHERE claims & 2 = 0
% end
% if :tail IS NOT NULL
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT :key, type, std_key(base), :printed, base, 1, :whose, :verified, :batch
%     FROM (SELECT column2 AS type, substr(:printed, 1, instr(upper(:printed),
%             column1) - 1) AS base
%         FROM (VALUES ('/XG', 'amends'), ('/AMD', 'amends'), ('/COR', 'corrects'))
%         WHERE instr(upper(:printed), column1) > 1)
%     WHERE std_key(base) <> :key
%     ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0
% end
% if :linked
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, claims,
%         source, verified_at, batch_id)
%     SELECT DISTINCT :key, column1, value ->> 'key', :printed,
%         coalesce(value ->> 'number', value ->> 'raw'), 1, :whose, :verified,
%         :batch
%     FROM (VALUES ('partly', :partly_replaces), ('merges', :merges),
%         ('splits', :splits), ('renumbered', :renumbered_from),
%         ('mandate', :mandate_from), ('cites', std_list(:cites))) t
%     JOIN json_each(t.column2)
%     WHERE value ->> 'key' <> :key AND value ->> 'key' GLOB '*[0-9]*'
%     ON CONFLICT DO UPDATE SET claims = claims | 1 WHERE claims & 1 = 0
% end
% if :adopts IS NOT NULL
% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
%         claims, source, verified_at, batch_id)
%     SELECT :key, 'adopts', value ->> 'key', :printed,
%         coalesce(value ->> 'number', value ->> 'raw'),
%         CASE WHEN upper(:degree) IN ('IDT', 'MOD', 'NEQ', 'EQV')
%             THEN upper(:degree) END, 1, :whose, :verified, :batch
%     FROM json_each(std_list(:adopts))
%     WHERE value ->> 'key' <> :key AND value ->> 'key' GLOB '*[0-9]*'
%     ON CONFLICT DO UPDATE SET claims = claims | 1, degree = excluded.degree
%         WHERE claims & 1 = 0 OR degree IS NOT excluded.degree
% end
% if :existing
% do DELETE FROM relation
%     WHERE claims = 0 AND from_key = :key
% do DELETE FROM relation
%     WHERE claims = 0 AND to_key = :key
% end
