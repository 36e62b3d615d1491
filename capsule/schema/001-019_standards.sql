-- SPDX-License-Identifier: ISC
--
-- The catalogue of standards: what sources tell us. What is worked out from it
-- (successors, counts, the search index) is made by the files of derived/; but
-- a few columns of `standard` are derived, too, and say so.
--
-- One row of `standard` is one EDITION: GB/T 19001-2008 and GB/T 19001-2016
-- are two, and so are an amendment and what it amends. Whether an edition is
-- in force is a question about a day: std_status() answers it from the dates,
-- nothing here stores the answer.
--
-- Dates are TEXT, 'YYYY-MM-DD', or as much of it as is known: 'YYYY-MM',
-- 'YYYY'. NULL: nobody told us, which is not the same as "never".
--
-- Every row says where it comes from (`source`), on which day that was true
-- (`verified_at`), and which import brought it (`batch_id`).

-- One run of `guiju import`. Kept when it is undone, so that its number is
-- never used twice.
CREATE TABLE import_batch (
	id INTEGER PRIMARY KEY, -- what `guiju import undo` asks for
	kind TEXT NOT NULL -- what was imported
		CHECK (kind IN ('standards', 'ics', 'ccs', 'prefixes',
			'announcement')),
	file TEXT NOT NULL, -- as the operator named it, without folders
	source TEXT, -- whose data it is, for the reader
	verified_at TEXT, -- the day of the data
	started INTEGER NOT NULL, -- seconds since 1970
	added INTEGER NOT NULL DEFAULT 0, -- how many rows of the file were new,
	changed INTEGER NOT NULL DEFAULT 0, -- said otherwise than before,
	unchanged INTEGER NOT NULL DEFAULT 0, -- said nothing new,
	refused INTEGER NOT NULL DEFAULT 0, -- could not be understood
	undone INTEGER -- when it was taken back; NULL: it was not
) STRICT;

-- What a batch wrote over, one row for each row it changed or removed, so
-- that `guiju import undo` can bring it back. What a batch added needs no
-- journal: it carries the batch's number.
CREATE TABLE import_journal (
	id INTEGER PRIMARY KEY, -- orders the notes: the oldest comes back last
	batch_id INTEGER NOT NULL REFERENCES import_batch (id), -- who wrote over it
	kind TEXT NOT NULL -- of which table the row is
		CHECK (kind IN ('standard', 'relation')),
	key TEXT NOT NULL, -- of the standard; of the relation's `from_key`
	before TEXT NOT NULL -- the row as it was, JSON
) STRICT;
CREATE INDEX import_journal_batch ON import_journal (batch_id);
CREATE INDEX import_journal_key ON import_journal (key, batch_id);

-- Who issues standards and who looks after them.
CREATE TABLE org (
	id INTEGER PRIMARY KEY, -- in the address: /issuer/ID
	name TEXT NOT NULL UNIQUE -- as sources write it, in their language
		CHECK (name = trim(name) AND name <> ''),
	name_en TEXT, -- in English
	kind TEXT NOT NULL DEFAULT 'committee' -- issuer: 发布 (ISO, 国家市场
		-- 监督管理总局); committee: 归口 (SAC/TC 286, ISO/TC 176/SC 2)
		CHECK (kind IN ('issuer', 'committee')),
	code TEXT, -- SAC/TC 251, if the name does not begin with it
	source TEXT, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id) -- the import that brought it
) STRICT;
CREATE INDEX org_batch ON org (batch_id);

-- One edition.
CREATE TABLE standard (
	id INTEGER PRIMARY KEY, -- in the search index: it never changes
	-- The number, by our functions: std_key(number), std_family(number) ...
	key TEXT NOT NULL UNIQUE -- 'GB-T-19001-2016'; the address /standard/KEY
		CHECK (key <> '' AND key NOT GLOB '*[^A-Z0-9.-]*'),
	number TEXT NOT NULL, -- 'GB/T 19001-2016', as it is printed
	family TEXT NOT NULL, -- 'GB-T-19001': all editions have it; /family/
	bare TEXT NOT NULL, -- 'GB-19001': family without /T, /Z
	digits TEXT, -- '19001', '1.1': what is asked for bare
	prefix TEXT, -- 'GB/T'; see std_prefix
	year INTEGER, -- in the number, four digits
	sort TEXT NOT NULL, -- orders lists by number
	level TEXT NOT NULL DEFAULT '其他' -- whose standard it is
		CHECK (level IN ('国家', '行业', '地方', '团体', '企业', '国际',
			'国外', '其他')),
	mandate TEXT -- must it be kept? NULL: its number does not say
		CHECK (mandate IN ('强制', '推荐', '指导')),
	-- The text on the cover.
	title TEXT, -- in Chinese
	title_en TEXT, -- in English
	title_orig TEXT, -- in the third language: Japanese for JIS
	kind TEXT, -- the source's word: international-standard ...
	edition TEXT, -- '2', '5.2'
	-- Its life.
	stated TEXT -- what the source says of it, in our words: on the
		-- day `verified_at`, and not more. A draft is '制定中'.
		CHECK (stated IN ('现行', '即将实施', '被代替', '废止',
			'制定中', '即将发布', '项目终止')),
	stage TEXT, -- the source's own word: '90.93', 'REVISED'
	issued TEXT, -- 发布
	implemented TEXT, -- 实施
	abolished TEXT, -- 废止, when a source names the day
	confirmed TEXT, -- 复审确认 (reviewed, still good)
	effective TEXT GENERATED ALWAYS AS (coalesce(implemented, CASE WHEN
		level IN ('国际', '国外') THEN issued END)) VIRTUAL, -- in force
		-- from then on: abroad, from publication
	-- Where it belongs.
	ics TEXT -- codes, one space between: '35.030 03.100.70'
		CHECK (ics <> '' AND ics NOT GLOB '*[^0-9. ]*'
			AND ics NOT GLOB '*  *' AND ics = trim(ics)),
	ccs TEXT -- one code: 'A00'
		CHECK (ccs GLOB '[A-Z]*' AND ccs NOT GLOB '*[^A-Z0-9/]*'),
	issuer_id INTEGER REFERENCES org (id), -- 发布单位
	committee_id INTEGER REFERENCES org (id), -- 归口单位
	owner TEXT, -- 主管部门
	drafters TEXT, -- 起草单位, '; ' between
	region TEXT, -- of a local standard: 海南
	filing TEXT, -- 备案号
	plan TEXT, -- 计划号
	pages INTEGER, -- how many
	language TEXT, -- zh, en, ja
	fulltext_url TEXT -- the official text, elsewhere
		CHECK (fulltext_url GLOB 'http*://*'),
	note TEXT, -- one line for the reader
	-- Where the row comes from.
	source TEXT NOT NULL, -- whose data it is
	verified_at TEXT, -- NULL: nobody checked it; its status is 待核实
	batch_id INTEGER REFERENCES import_batch (id), -- wrote it last
	fingerprint TEXT, -- hash of the imported line: an unchanged line is
		-- left alone
	stub INTEGER NOT NULL DEFAULT 0 -- 1: only named by another standard
		CHECK (stub IN (0, 1)),
	-- Derived from relations by derived/standards.sql, never by hand.
	successor_key TEXT, -- derived: the edition that replaces it (the first
		-- one in force, if several do); may be absent here
	successor_issued TEXT, -- derived: its day of issue
	successor_effective TEXT, -- derived: in force from then on
	partly TEXT, -- derived: a part of it is replaced since that day;
		-- '': since when is not known; NULL: no part is
	mandate_changed TEXT, -- derived: the same for 转为推荐性
	adopted INTEGER NOT NULL DEFAULT 0 -- derived: 1: it adopts another (采标)
		CHECK (adopted IN (0, 1)),
	ends TEXT GENERATED ALWAYS AS (min(coalesce(abolished,
		successor_effective), coalesce(successor_effective, abolished)))
		VIRTUAL, -- what is known of the last day, for calendars
	name TEXT GENERATED ALWAYS AS (coalesce(title, title_en, title_orig,
		'（名称待核实）')) VIRTUAL, -- what lists show as its name
	marks TEXT GENERATED ALWAYS AS (level || coalesce(' ' || mandate, '')
		|| coalesce(' y' || year, '')
		|| coalesce(' ccs' || substr(ccs, 1, 1) || ' ccs' || ccs, '')
		|| coalesce(replace(' ' || ics, ' ', ' ics'), '')
		|| CASE adopted WHEN 1 THEN ' 采标' ELSE '' END) VIRTUAL,
		-- words for the search index that no reader's words can reach
		-- (queries name their columns): level, mandate, y2016, ccsA,
		-- ccsA00, ics35, 采标. An ICS code is a phrase: "ics35 030"
		-- finds all below 35.030
	-- What else a catalogue may tell of it.
	content TEXT, -- what it lays down: 基础, 方法, 产品, 管理
	first_issued TEXT, -- 首次发布, of the first edition under any number
	proposer TEXT, -- 提出单位
	executor TEXT, -- 执行单位
	drafter_names TEXT, -- 起草人: persons, as the cover names them; NULL once
		-- one of them wants it
	filed TEXT, -- 备案日期
	industry TEXT, -- of GB/T 4754: 'C 制造业'
	price TEXT, -- in the source's words: '49 元'
	scope TEXT -- 适用范围, one sentence of ours: the text is another's
		CHECK (length(scope) <= 300),
	fulltext_mode TEXT -- what fulltext_url gives
		CHECK (fulltext_mode IN ('可下载', '可预览', '不公开')),
	void INTEGER GENERATED ALWAYS AS (CASE -- 1: it was withdrawn before it
		-- came into force, so it has never been in force and has replaced
		-- nothing; 2: perhaps, as one of its dates is a month or a year
		WHEN stated = '项目终止' THEN 1
		WHEN effective IS NULL THEN 0
		WHEN abolished IS NULL THEN stated IS '废止' AND coalesce(
			substr(verified_at, 1, length(effective))
			< substr(effective, 1, length(verified_at)), 0)
		WHEN substr(abolished, 1, length(effective))
			< substr(effective, 1, length(abolished)) THEN 1
		WHEN min(length(abolished), length(effective)) < 10
			AND substr(abolished, 1, length(effective))
			= substr(effective, 1, length(abolished)) THEN 2
		ELSE 0 END) VIRTUAL
) STRICT;
-- Look-up, in the order of asking: key (UNIQUE), family, bare, digits, and a
-- range of `key` or `sort` for a beginning.
CREATE INDEX standard_family ON standard (family, year);
CREATE INDEX standard_bare ON standard (bare, year);
CREATE INDEX standard_digits ON standard (digits, sort);
-- Lists in the order of the number: ORDER BY sort, id, from (sort, id) > (?, ?)
CREATE INDEX standard_sort ON standard (sort, id);
CREATE INDEX standard_level ON standard (level, sort, id);
CREATE INDEX standard_year ON standard (year, sort, id);
CREATE INDEX standard_ccs ON standard (ccs, sort, id) WHERE ccs IS NOT NULL;
CREATE INDEX standard_issuer ON standard (issuer_id, sort, id)
	WHERE issuer_id IS NOT NULL;
CREATE INDEX standard_committee ON standard (committee_id, sort, id)
	WHERE committee_id IS NOT NULL;
-- Calendars and newest first.
CREATE INDEX standard_issued ON standard (issued, id) WHERE issued IS NOT NULL;
CREATE INDEX standard_effective ON standard (effective, id)
	WHERE effective IS NOT NULL;
CREATE INDEX standard_ends ON standard (ends, id) WHERE ends IS NOT NULL;
CREATE INDEX standard_batch ON standard (batch_id) WHERE batch_id IS NOT NULL;
-- Few are void: what looks for them asks first whether there is one.
CREATE INDEX standard_void ON standard (id) WHERE void = 1;

-- One standard acts on another. By keys, because a source often names what
-- the catalogue does not hold. `from` is the newer or the acting one.
CREATE TABLE relation (
	from_key TEXT NOT NULL, -- the standard that acts
	type TEXT NOT NULL CHECK (type IN ( -- what it does to the other
		'replaces',   -- from takes the place of to
		'partly',     -- of a part of it
		'merges',     -- of it and of others
		'splits',     -- of a share of it, others of the rest
		'renumbered', -- the same text under a new number (转号)
		'mandate',    -- the same under a new nature (GB to GB/T)
		'adopts',     -- from is written after to; see degree
		'amends',     -- from is a 修改单, an amendment of to
		'corrects',   -- from is a 勘误, a corrigendum of to
		'cites')),    -- from needs to
	to_key TEXT NOT NULL, -- the standard that it acts on
	from_number TEXT NOT NULL, -- as it is printed, for what is absent
	to_number TEXT NOT NULL, -- the same
	degree TEXT -- of adopts; NULL: not told
		CHECK (degree IN ('IDT', 'MOD', 'NEQ', 'EQV')),
	day TEXT, -- acts from then on; NULL: from from's `effective` on
	note TEXT, -- one line for the reader
	claims INTEGER NOT NULL DEFAULT 1 -- whose row says so: 1 from's, 2
		CHECK (claims BETWEEN 0 AND 3), -- to's, 3 both
	source TEXT, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id), -- brought it first
	succession INTEGER GENERATED ALWAYS AS (CASE type WHEN 'replaces' THEN 2
		WHEN 'merges' THEN 2 WHEN 'splits' THEN 2
		WHEN 'renumbered' THEN 2 WHEN 'partly' THEN 1
		WHEN 'mandate' THEN 1 ELSE 0 END) VIRTUAL, -- 2: to goes, when
		-- from comes; 1: to changes; 0: to stays as it is
	PRIMARY KEY (from_key, type, to_key),
	CHECK (from_key <> to_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_to ON relation (to_key, type, from_key);
CREATE INDEX relation_batch ON relation (batch_id) WHERE batch_id IS NOT NULL;

-- 国际标准分类: fields (35), groups (35.030), subgroups (03.100.70).
CREATE TABLE ics (
	code TEXT PRIMARY KEY -- in the address: /ics/CODE
		CHECK (code GLOB '[0-9][0-9]*' AND code NOT GLOB '*[^0-9.]*'),
	parent TEXT REFERENCES ics (code) -- the code above it
		DEFERRABLE INITIALLY DEFERRED,
	level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3), -- 1: a field
	title TEXT, -- in Chinese; NULL: not translated yet
	title_en TEXT NOT NULL, -- in English
	title_source TEXT, -- who translated it
	note TEXT, -- what belongs here, in English
	source TEXT, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id) -- wrote it last
) STRICT, WITHOUT ROWID;
CREATE INDEX ics_parent ON ics (parent, code);

-- 中国标准文献分类: letters (A), ranges (A00/09), classes (A00).
CREATE TABLE ccs (
	code TEXT PRIMARY KEY -- in the address: /ccs/CODE
		CHECK (code GLOB '[A-Z]*' AND code NOT GLOB '*[^A-Z0-9/]*'),
	parent TEXT REFERENCES ccs (code) -- the code above it
		DEFERRABLE INITIALLY DEFERRED,
	level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 3), -- 1: a letter
	title TEXT NOT NULL, -- in Chinese
	title_en TEXT, -- in English
	note TEXT, -- what belongs here
	source TEXT, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id) -- wrote it last
) STRICT, WITHOUT ROWID;
CREATE INDEX ccs_parent ON ccs (parent, code);

-- What the letters before a number mean.
CREATE TABLE std_prefix (
	prefix TEXT PRIMARY KEY, -- 'GB/T', 'DB46/T', 'NY'
	level TEXT NOT NULL -- as in `standard`
		CHECK (level IN ('国家', '行业', '地方', '团体', '企业', '国际',
			'国外')),
	mandate TEXT -- as in `standard`
		CHECK (mandate IN ('强制', '推荐', '指导')),
	title TEXT NOT NULL, -- 强制性国家标准
	title_en TEXT, -- in English
	owner TEXT, -- who is in charge of it today
	source TEXT, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id) -- wrote it last
) STRICT, WITHOUT ROWID;

-- 标准发布公告. Each body counts its own, and 公告 2026年第1号 there is of every
-- one. An address that was given once is never given to another, also when the
-- announcement was taken back.
CREATE TABLE announcement (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- the address /announcement/ID
	number TEXT NOT NULL, -- '2026年第12号'
	issuer TEXT NOT NULL, -- the body that made it
	title TEXT NOT NULL, -- its heading
	day TEXT NOT NULL -- of the announcement
		CHECK (day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
	url TEXT CHECK (url GLOB 'http*://*'), -- the official text
	created INTEGER NOT NULL, -- seconds since 1970; for feeds
	source TEXT NOT NULL, -- whose data it is
	verified_at TEXT, -- on which day it was true
	batch_id INTEGER REFERENCES import_batch (id), -- the import that brought it
	UNIQUE (number, issuer)
) STRICT;
CREATE INDEX announcement_day ON announcement (day, id);

-- Its table: 序号, 标准号, 名称, 代替标准号, 实施日期.
CREATE TABLE announcement_item (
	announcement_id INTEGER NOT NULL -- whose row it is
		REFERENCES announcement (id) ON DELETE CASCADE,
	position INTEGER NOT NULL, -- 序号, from 1
	key TEXT NOT NULL, -- of the standard
	number TEXT NOT NULL, -- 标准号, as the announcement prints it
	title TEXT, -- 名称
	replaces TEXT, -- 代替标准号: numbers, as the announcement prints them
	implemented TEXT, -- 实施日期
	PRIMARY KEY (announcement_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_item_key ON announcement_item (key, announcement_id);

-- What happened to a standard, for those who follow it.
CREATE TABLE change_event (
	id INTEGER PRIMARY KEY, -- orders the events; for feeds
	key TEXT NOT NULL, -- of the standard that it happened to
	kind TEXT NOT NULL CHECK (kind IN ( -- what happened:
		'issued',   -- 发布: it is new
		'replaced', -- 被代替: `new` replaces it
		'amended',  -- 修改单: `new` amends it
		'changed')), -- a date or the stated status is another
	old TEXT, -- what was: a number, or dates
	new TEXT, -- what is
	day TEXT, -- from then on
	created INTEGER NOT NULL, -- seconds since 1970
	announcement_id INTEGER REFERENCES announcement (id), -- that told of it
	batch_id INTEGER REFERENCES import_batch (id) -- that brought it
) STRICT;
CREATE INDEX change_event_key ON change_event (key, id);
CREATE INDEX change_event_batch ON change_event (batch_id);

-- What a source has said of an edition before another source, or an
-- announcement, wrote over it. Who says only that again says nothing new.
CREATE TABLE standard_said (
	key TEXT NOT NULL, -- of the standard
	source TEXT NOT NULL, -- who said it
	fingerprint TEXT NOT NULL, -- as in `standard`: what was said
	batch_id INTEGER REFERENCES import_batch (id), -- wrote over it
	PRIMARY KEY (key, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX standard_said_batch ON standard_said (batch_id);

-- What sources call a status, and what it is here. 即将废止 is still in force;
-- the day of its end is another column.
CREATE TABLE stated_word (
	word TEXT PRIMARY KEY, -- theirs
	stated TEXT NOT NULL -- ours, as in `standard`
) STRICT, WITHOUT ROWID;
INSERT INTO stated_word VALUES
	('现行', '现行'), ('有效', '现行'), ('现行有效', '现行'),
	('继续有效', '现行'), ('确认有效', '现行'), ('已实施', '现行'),
	('暂行', '现行'), ('即将废止', '现行'), ('将废止', '现行'),
	('即将作废', '现行'), ('将被代替', '现行'), ('即将被代替', '现行'),
	('修订中', '现行'), ('即将实施', '即将实施'), ('未实施', '即将实施'),
	('尚未实施', '即将实施'), ('待实施', '即将实施'),
	('已发布未实施', '即将实施'), ('被代替', '被代替'),
	('被替代', '被代替'), ('被取代', '被代替'), ('已被代替', '被代替'),
	('已被替代', '被代替'), ('已被取代', '被代替'), ('已代替', '被代替'),
	('已替代', '被代替'), ('有更新版', '被代替'), ('废止', '废止'),
	('已废止', '废止'), ('作废', '废止'), ('已作废', '废止'),
	('失效', '废止'), ('已失效', '废止'), ('撤销', '废止'),
	('已撤销', '废止'), ('制定中', '制定中'), ('即将发布', '即将发布'),
	('项目终止', '项目终止');
