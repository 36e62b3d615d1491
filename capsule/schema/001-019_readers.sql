-- SPDX-License-Identifier: ISC
--
-- What readers and editors leave behind: what was looked for in vain, the
-- reports of 标准有效性确认, disputes, and what editors did. Nothing here names
-- a reader or tells where a request came from.

-- Words that found nothing, for the editors: what is missing here?
CREATE TABLE zero_hit (
	term TEXT NOT NULL CHECK (length(term) BETWEEN 1 AND 60), -- the words
	day TEXT NOT NULL, -- when, in the portal's zone
	n INTEGER NOT NULL DEFAULT 1, -- how often that day
	PRIMARY KEY (term, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX zero_hit_day ON zero_hit (day, n);

-- A list comes in rounds, because a request has 1024 bytes: a draft holds it.
-- Confirming a draft writes a report: one row, and a row for each line with
-- the verdict as it was that day. Nobody writes to a report again; triggers
-- see to that. Asked again, the same list makes a new report.

-- A list that is being put together. Whoever has the token has the list, for
-- 24 hours; the night after that deletes it (nightly/drafts.sql).
CREATE TABLE validity_draft (
	id INTEGER PRIMARY KEY, -- for its lines; no address shows it
	token TEXT NOT NULL UNIQUE -- random, in the address: /validity/draft/
		CHECK (length(token) = 32 AND token NOT GLOB '*[^0-9a-f]*'),
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL -- 截止日, the day that is asked about
		CHECK (day IS date(day, '+0 days')),
	rounds INTEGER NOT NULL DEFAULT 0 -- how often lines were added
		CHECK (rounds BETWEEN 0 AND 20),
	last INTEGER NOT NULL DEFAULT 0 -- the highest position so far
		CHECK (last BETWEEN 0 AND 5000),
	rerun_of INTEGER REFERENCES validity_report (id), -- the report whose list
		-- is asked about again
	report_id INTEGER REFERENCES validity_report (id) -- what it became
) STRICT;
CREATE INDEX validity_draft_created ON validity_draft (created);
CREATE INDEX validity_draft_rerun ON validity_draft (rerun_of);
CREATE INDEX validity_draft_report ON validity_draft (report_id);

-- A line of it. A removed line leaves a gap: the others keep their address.
CREATE TABLE validity_draft_line (
	draft_id INTEGER NOT NULL REFERENCES validity_draft (id) -- the list
		ON DELETE CASCADE,
	position INTEGER NOT NULL -- its place in the list
		CHECK (position BETWEEN 1 AND 5000),
	raw TEXT NOT NULL, -- what the reader wrote, or wrote in its place
	number TEXT, -- std_number() of it; NULL: no number
	key TEXT, -- std_key() of it
	rest TEXT, -- the text behind the number: a title
	PRIMARY KEY (draft_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX validity_draft_line_key
	ON validity_draft_line (draft_id, key, position);

-- A report. It is written in three steps of one transaction: this row, its
-- lines, and then `sha256`, which closes it.
CREATE TABLE validity_report (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- for its lines; never used twice
	year INTEGER NOT NULL, -- in which it was made, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- its address: /validity/report/NUMBER/
		CHECK (number = format('HN%d-%06d', year, serial)),
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL -- 截止日: the verdicts are of this day
		CHECK (day IS date(day, '+0 days')),
	data_day TEXT, -- how old the catalogue was; NULL: unknown
	lines INTEGER NOT NULL CHECK (lines BETWEEN 1 AND 5000), -- how many
	counts TEXT NOT NULL -- verdicts, JSON: {"有效":2,"废止":1}
		CHECK (counts GLOB '{*}'),
	sha256 TEXT -- of validity_text, each line with its LF
		CHECK (length(sha256) = 64),
	rerun_of INTEGER REFERENCES validity_report (id), -- the report whose list
		-- was asked about again
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX validity_report_rerun ON validity_report (rerun_of);

-- What a report says of one line, in the words of its day.
CREATE TABLE validity_line (
	report_id INTEGER NOT NULL REFERENCES validity_report (id), -- the report
	position INTEGER NOT NULL, -- 序号, in the order of the list
	raw TEXT NOT NULL, -- 原输入, what the reader wrote
	number TEXT, -- how it was understood; NULL: not at all
	key TEXT, -- the edition that was found; NULL: none
	found TEXT, -- 标准号, that edition's number
	title TEXT, -- 名称, its title
	verdict TEXT NOT NULL -- 结论, may it be used?
		CHECK (verdict IN ('有效', '有效但即将被代替', '被代替',
			'废止', '尚未实施', '部分有效', '号码疑误', '未收录',
			'待核实')),
	status TEXT, -- std_status() of it on the report's day
	issued TEXT, -- 发布 of that edition
	implemented TEXT, -- 实施
	abolished TEXT, -- 废止
	successor TEXT, -- 代替它的标准: numbers and dates, one line
	successors TEXT NOT NULL DEFAULT '[]' -- the same for links, JSON: a
		-- list of {"key", "number", "effective"}
		CHECK (successors GLOB '[[]*]'),
	amendments TEXT, -- 修改单, 勘误: numbers, one line
	matched TEXT NOT NULL, -- 匹配方式: how `number` led to `key`
	same_as INTEGER, -- 重复: the first line of the same edition
	note TEXT, -- 备注, one line
	source TEXT, -- whose data it was
	verified_at TEXT, -- the day on which that was true
	PRIMARY KEY (report_id, position),
	CHECK ((key IS NULL) = (found IS NULL))
) STRICT, WITHOUT ROWID;

-- A reader says that what is shown of a standard is wrong. Open to all, and so
-- is what becomes of it; the remark is shown once an editor has read it.
CREATE TABLE status_dispute (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- 异议编号, in the address
	key TEXT NOT NULL, -- of the standard, which may be absent (缺失)
	number TEXT NOT NULL, -- its number, as it is printed
	kind TEXT NOT NULL -- what is wrong: it is out of force, it is replaced,
		-- it is missing
		CHECK (kind IN ('作废', '替代', '缺失')),
	remark TEXT NOT NULL -- the reader's words
		CHECK (length(remark) BETWEEN 2 AND 300),
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL DEFAULT '待审核' -- what the editors have made of it:
		-- nothing yet, accepted, rejected, hidden for good
		CHECK (state IN ('待审核', '通过', '驳回', '忽略')),
	answer TEXT, -- the editors', one line
	decided INTEGER, -- when the state became another; seconds since 1970
	CHECK ((state = '待审核') = (decided IS NULL))
) STRICT;
CREATE INDEX status_dispute_key ON status_dispute (key, id);
CREATE INDEX status_dispute_open ON status_dispute (key)
	WHERE state = '待审核';

-- The editors: whoever shows one of these client certificates may read and act
-- below /editor/. An operator adds one by its fingerprint, see README.md.
CREATE TABLE editor (
	fingerprint TEXT PRIMARY KEY -- SHA-256 of the certificate; the page
		-- /editor/ shows it to whoever is not here yet
		CHECK (length(fingerprint) = 64
			AND fingerprint NOT GLOB '*[^0-9a-f]*'),
	name TEXT NOT NULL -- who it is, for the other editors
		CHECK (name = trim(name) AND name <> ''),
	added INTEGER NOT NULL DEFAULT (unixepoch()) -- seconds since 1970
) STRICT, WITHOUT ROWID;

-- What they did, for the other editors.
CREATE TABLE editor_act (
	id INTEGER PRIMARY KEY, -- orders the acts
	name TEXT NOT NULL, -- the editor's name of that day: he may leave
	act TEXT NOT NULL, -- 通过异议, 清除词语 ...
	about TEXT NOT NULL, -- a number, a word
	created INTEGER NOT NULL -- seconds since 1970
) STRICT;
