-- SPDX-License-Identifier: ISC
--
-- The public catalogue, given out every night as catalogue.sqlite3 and as CSV:
-- see guiju.ini(5), export/. Only what the pages show of standards stands in it:
-- no readers' remarks, no words that were looked for, no identities.
--
-- Whoever takes it has any SQLite, so nothing here needs our functions: the
-- status is worked out for the day of making, and that day stands beside it.

CREATE TABLE readme (
	item TEXT PRIMARY KEY, -- in the order of reading
	text TEXT NOT NULL
);
INSERT INTO readme
SELECT column1, column2 FROM (VALUES
	('01 名称', (SELECT name FROM portal.portal)
		|| '：标准目录（题录信息，不含标准全文）'),
	('02 制作时间', local_time(unixepoch())
		|| '（北京时间），每夜重新制作'),
	('03 数据日期', coalesce((SELECT data_day FROM portal.catalogue),
		'未注明')),
	('04 表', 'standards 标准（一行是一版），relations 标准之间的关系，'
		|| 'ics 国际标准分类，ccs 中国标准文献分类，'
		|| 'announcements 公告，announcement_items 公告所列标准，'
		|| 'sources 数据来源'),
	('05 状态', 'standards.status 按 status_day 这一天计算；过了这一天请按'
		|| ' issued 发布、implemented 实施、abolished 废止和代替标准的'
		|| '日期重新计算。一律以官方发布为准。'),
	('06 日期', 'YYYY-MM-DD、YYYY-MM 或 YYYY；空值是没有资料，不是“没有”。'),
	('07 关系', 'relations 读作“from 对 to 做 type”：replaces 代替，'
		|| 'partly 部分代替，merges 合并，splits 拆分，renumbered 转号，'
		|| 'mandate 改变性质，adopts 采用，amends 修改单，corrects 勘误，'
		|| 'cites 引用'),
	('08 许可', '每行的 source 写明来源，sources 表列出各来源的许可。'
		|| '注明 ISO Open Data 的各行和 ics 表取自 ISO Open Data（'
		|| 'https://www.iso.org/open-data.html），按 Open Data Commons '
		|| 'Attribution License（ODC-By 1.0，'
		|| 'https://opendatacommons.org/licenses/by/1-0/）使用；'
		|| '再使用时请保留这一说明。注明 CC BY 4.0 的各行取自 RASAAS '
		|| '整理的国家药监局医疗器械标准目录和公告（https://github.com/'
		|| 'RASAAS/docmcp-knowledge），经选取和改写，按 CC BY 4.0（https:/'
		|| '/creativecommons.org/licenses/by/4.0/）使用。'),
	('09 Attribution', 'Rows whose source names ISO Open Data contain '
		|| 'information from ISO Open Data, https://www.iso.org/'
		|| 'open-data.html, which is made available under the Open Data '
		|| 'Commons Attribution License (ODC-By) 1.0.'),
	('10 CSV', 'UTF-8，逗号分隔，第一行是列名；以 = + - @ 开头的文字前面'
		|| '加了一个空格，以免电子表格把它当作公式。'));

CREATE TABLE standards (
	key TEXT NOT NULL,
	number TEXT NOT NULL,
	family TEXT NOT NULL,
	title TEXT, title_en TEXT, title_orig TEXT,
	level TEXT NOT NULL, mandate TEXT, kind TEXT, edition TEXT,
	status TEXT, status_day TEXT NOT NULL,
	issued TEXT, implemented TEXT, abolished TEXT, confirmed TEXT,
	successor_key TEXT, successor_number TEXT, successor_effective TEXT,
	ics TEXT, ccs TEXT,
	issuer TEXT, committee TEXT, owner TEXT, drafters TEXT, region TEXT,
	filing TEXT, plan TEXT, pages INTEGER, language TEXT,
	fulltext_url TEXT, note TEXT,
	content TEXT, first_issued TEXT, proposer TEXT, executor TEXT,
	drafter_names TEXT, filed TEXT, industry TEXT, price TEXT, scope TEXT,
	fulltext_mode TEXT,
	stated TEXT, stage TEXT,
	known_by_name_only INTEGER NOT NULL,
	source TEXT NOT NULL, verified_at TEXT
);
INSERT INTO standards
SELECT s.key, s.number, s.family, s.title, s.title_en, s.title_orig, s.level,
	s.mandate, s.kind, s.edition, status_on(s.id, t.day),
	t.day, s.issued, s.implemented, s.abolished, s.confirmed,
	s.successor_key, n.number, s.successor_effective, s.ics, s.ccs, i.name,
	c.name, s.owner, s.drafters, s.region, s.filing, s.plan, s.pages,
	s.language, s.fulltext_url, s.note, s.content, s.first_issued,
	s.proposer, s.executor, s.drafter_names, s.filed, s.industry, s.price,
	s.scope, s.fulltext_mode, s.stated, s.stage, s.stub,
	s.source, s.verified_at
FROM (SELECT local_day(unixepoch()) AS day) t
CROSS JOIN portal.standard s
LEFT JOIN portal.org i ON i.id = s.issuer_id
LEFT JOIN portal.org c ON c.id = s.committee_id
LEFT JOIN portal.standard n ON n.key = s.successor_key
ORDER BY s.sort, s.id;
CREATE UNIQUE INDEX standards_key ON standards (key);
CREATE INDEX standards_number ON standards (number);
CREATE INDEX standards_family ON standards (family);

CREATE TABLE relations (
	from_key TEXT NOT NULL, type TEXT NOT NULL, to_key TEXT NOT NULL,
	from_number TEXT NOT NULL, to_number TEXT NOT NULL,
	degree TEXT, day TEXT, note TEXT, source TEXT, verified_at TEXT
);
INSERT INTO relations
SELECT from_key, type, to_key, from_number, to_number, degree, day, note,
	source, verified_at
FROM portal.relation ORDER BY from_key, type, to_key;
CREATE INDEX relations_from ON relations (from_key);
CREATE INDEX relations_to ON relations (to_key);

CREATE TABLE ics (
	code TEXT PRIMARY KEY, parent TEXT, level INTEGER NOT NULL, title TEXT,
	title_en TEXT NOT NULL, title_source TEXT, note TEXT, source TEXT,
	verified_at TEXT
);
INSERT INTO ics
SELECT code, parent, level, title, title_en, title_source, note, source,
	verified_at
FROM portal.ics ORDER BY code;

CREATE TABLE ccs (
	code TEXT PRIMARY KEY, parent TEXT, level INTEGER NOT NULL,
	title TEXT NOT NULL, title_en TEXT, note TEXT, source TEXT,
	verified_at TEXT
);
INSERT INTO ccs
SELECT code, parent, level, title, title_en, note, source, verified_at
FROM portal.ccs ORDER BY code;

CREATE TABLE announcements (
	id INTEGER PRIMARY KEY, number TEXT NOT NULL, issuer TEXT NOT NULL,
	title TEXT NOT NULL, day TEXT NOT NULL, url TEXT, source TEXT NOT NULL,
	verified_at TEXT
);
INSERT INTO announcements
SELECT id, number, issuer, title, day, url, source, verified_at
FROM portal.announcement ORDER BY id;

CREATE TABLE announcement_items (
	announcement_id INTEGER NOT NULL REFERENCES announcements (id),
	position INTEGER NOT NULL, key TEXT NOT NULL, number TEXT NOT NULL,
	title TEXT, replaces TEXT, implemented TEXT,
	PRIMARY KEY (announcement_id, position)
);
INSERT INTO announcement_items
SELECT announcement_id, position, key, number, title, replaces, implemented
FROM portal.announcement_item ORDER BY announcement_id, position;

CREATE TABLE sources (
	source TEXT PRIMARY KEY, standards INTEGER NOT NULL,
	youngest TEXT, licence TEXT
);
INSERT INTO sources
SELECT source, count(*), max(verified_at),
	CASE WHEN source LIKE '%ODC-By%' THEN 'ODC-By 1.0'
		WHEN source LIKE '%CC BY 4.0%' THEN 'CC BY 4.0'
		WHEN source LIKE '%BSD-2-Clause%' THEN 'BSD-2-Clause' END
FROM standards GROUP BY source ORDER BY source;
