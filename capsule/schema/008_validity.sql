-- SPDX-License-Identifier: ISC
--
-- 标准有效性确认: lists that are being put together, the reports that they
-- become, and what readers dispute. Nothing here names a reader or tells where
-- a request came from.
--
-- A list comes in rounds, because a request has 1024 bytes: a draft holds it.
-- Confirming a draft writes a report: one row, and a row for each line with
-- the verdict as it was that day. Nobody writes to a report again; triggers
-- see to that. Asked again, the same list makes a new report.

-- A list that is being put together. Whoever has the token has the list. It
-- lives 24 hours; the next draft that is made sweeps it away.
CREATE TABLE validity_draft (
	id INTEGER PRIMARY KEY,
	token TEXT NOT NULL UNIQUE -- random, in the address: /validity/draft/
		CHECK (length(token) = 32 AND token NOT GLOB '*[^0-9a-f]*'),
	created INTEGER NOT NULL,  -- seconds since 1970
	day TEXT NOT NULL          -- 截止日, asked about
		CHECK (day IS date(day, '+0 days')),
	rounds INTEGER NOT NULL DEFAULT 0 -- how often lines were added
		CHECK (rounds BETWEEN 0 AND 20),
	last INTEGER NOT NULL DEFAULT 0   -- the highest position so far
		CHECK (last BETWEEN 0 AND 5000),
	rerun_of INTEGER REFERENCES validity_report (id), -- asks that again
	report_id INTEGER REFERENCES validity_report (id) -- what it became
) STRICT;
CREATE INDEX validity_draft_created ON validity_draft (created);
CREATE INDEX validity_draft_rerun ON validity_draft (rerun_of);
CREATE INDEX validity_draft_report ON validity_draft (report_id);

-- A line of it. A removed line leaves a gap: the others keep their address.
CREATE TABLE validity_draft_line (
	draft_id INTEGER NOT NULL REFERENCES validity_draft (id)
		ON DELETE CASCADE,
	position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 5000),
	raw TEXT NOT NULL,  -- what the reader wrote, or wrote in its place
	number TEXT,        -- std_number() of it; NULL: no number
	key TEXT,           -- std_key() of it
	rest TEXT,          -- the text behind the number: a title
	PRIMARY KEY (draft_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX validity_draft_line_key
	ON validity_draft_line (draft_id, key, position);

-- A report. It is written in three steps of one transaction: this row, its
-- lines, and then `sha256`, which closes it.
CREATE TABLE validity_report (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	year INTEGER NOT NULL,   -- in which it was made, in Asia/Shanghai
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- its address: /validity/report/NUMBER/
		CHECK (number = format('HN%d-%06d', year, serial)),
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL         -- 截止日: the verdicts are of this day
		CHECK (day IS date(day, '+0 days')),
	data_day TEXT,            -- how old the catalogue was; NULL: unknown
	lines INTEGER NOT NULL CHECK (lines BETWEEN 1 AND 5000),
	counts TEXT NOT NULL      -- verdicts, JSON: {"有效":2,"废止":1}
		CHECK (counts GLOB '{*}'),
	sha256 TEXT               -- of validity_text, each line with its LF
		CHECK (length(sha256) = 64),
	rerun_of INTEGER REFERENCES validity_report (id), -- asked again
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX validity_report_rerun ON validity_report (rerun_of);

-- What a report says of one line, in the words of its day.
CREATE TABLE validity_line (
	report_id INTEGER NOT NULL REFERENCES validity_report (id),
	position INTEGER NOT NULL, -- 序号, in the order of the list
	raw TEXT NOT NULL,         -- 原输入
	number TEXT,               -- how it was understood; NULL: not at all
	key TEXT,                  -- the edition that was found; NULL: none
	found TEXT,                -- 标准号, its number
	title TEXT,                -- 名称
	verdict TEXT NOT NULL      -- 结论
		CHECK (verdict IN ('有效', '有效但即将被代替', '被代替',
			'废止', '尚未实施', '部分有效', '号码疑误', '未收录',
			'待核实')),
	status TEXT,               -- std_status() of it on the report's day
	issued TEXT,
	implemented TEXT,
	abolished TEXT,
	successor TEXT,            -- 代替它的标准: numbers and dates, one line
	successors TEXT NOT NULL DEFAULT '[]' -- the same for links, JSON: a
		-- list of {"key", "number", "effective"}
		CHECK (successors GLOB '[[]*]'),
	amendments TEXT,           -- 修改单, 勘误: numbers, one line
	matched TEXT NOT NULL,     -- 匹配方式: how `number` led to `key`
	same_as INTEGER,           -- 重复: the first line of the same edition
	note TEXT,                 -- 备注
	source TEXT,               -- whose data it was,
	verified_at TEXT,          -- and how old
	PRIMARY KEY (report_id, position),
	CHECK ((key IS NULL) = (found IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TRIGGER validity_report_update BEFORE UPDATE ON validity_report
WHEN OLD.sha256 IS NOT NULL OR NEW.sha256 IS NULL
	OR (OLD.id, OLD.year, OLD.serial, OLD.number, OLD.created, OLD.day,
		OLD.data_day, OLD.lines, OLD.counts, OLD.rerun_of)
	IS NOT (NEW.id, NEW.year, NEW.serial, NEW.number, NEW.created, NEW.day,
		NEW.data_day, NEW.lines, NEW.counts, NEW.rerun_of)
	OR NEW.lines <> (SELECT count(*) FROM validity_line
		WHERE report_id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;

CREATE TRIGGER validity_report_delete BEFORE DELETE ON validity_report
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;

CREATE TRIGGER validity_line_insert BEFORE INSERT ON validity_line
WHEN (SELECT sha256 FROM validity_report WHERE id = NEW.report_id) IS NOT NULL
BEGIN
	SELECT raise(ABORT, 'a report does not grow');
END;

CREATE TRIGGER validity_line_update BEFORE UPDATE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;

CREATE TRIGGER validity_line_delete BEFORE DELETE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;

-- The head of a report as its pages show it.
CREATE VIEW validity_report_shown AS
	SELECT r.id, r.number, r.day, r.lines, r.sha256, r.rerun_of,
		coalesce(r.data_day, '未注明') AS data_day,
		date(r.created, 'unixepoch', '+8 hours') AS made,
		datetime(r.created, 'unixepoch', '+8 hours') AS made_at,
		o.number AS old_number,
		(SELECT group_concat(c.key || ' ' || c.value, '，')
			FROM json_each(r.counts) c) AS tally
	FROM validity_report r
	LEFT JOIN validity_report o ON o.id = r.rerun_of;

-- Its lines; lists of numbers in one line.
CREATE VIEW validity_line_shown AS
	SELECT report_id, position, raw, number, key, found, title, verdict,
		status, issued, implemented, abolished, successors, matched,
		same_as, source, verified_at, successor,
		coalesce(amendments, '') AS amendments,
		coalesce(CASE WHEN note <> '' THEN note END
			|| CASE WHEN same_as IS NULL THEN '' ELSE '；' END, '')
			|| coalesce('与第 ' || same_as || ' 条重复', '') AS note
	FROM validity_line;

-- A report as text, line by line: what `sha256` is the hash of, each line
-- followed by one LF. Lines of the head have positions up to 0.
CREATE VIEW validity_text (report_id, position, text) AS
	SELECT id, -8, '标准有效性确认报告' FROM validity_report
	UNION ALL SELECT id, -7, '报告编号：' || number FROM validity_report
	UNION ALL SELECT id, -6, '截止日：' || day FROM validity_report
	UNION ALL SELECT id, -5, '出具时间：' || made_at || '（北京时间）'
		FROM validity_report_shown
	UNION ALL SELECT id, -4, '数据日期：' || data_day
		FROM validity_report_shown
	UNION ALL SELECT id, -3, '条数：' || lines FROM validity_report
	UNION ALL SELECT id, -2, '统计：' || tally FROM validity_report_shown
	UNION ALL SELECT id, -1, '重查自：' || coalesce(old_number, '无')
		FROM validity_report_shown
	UNION ALL SELECT id, 0, '序号 | 原输入 | 标准号 | 名称 | 结论 | 发布 '
		|| '| 实施 | 废止 | 代替它的标准 | 修改单 | 匹配方式 | 备注 '
		|| '| 数据来源 | 核实日期' FROM validity_report
	UNION ALL SELECT report_id, position, position || ' | ' || raw || ' | '
		|| coalesce(found, number, '—') || ' | ' || coalesce(title, '—')
		|| ' | ' || verdict || ' | ' || coalesce(issued, '—') || ' | '
		|| coalesce(implemented, '—') || ' | '
		|| coalesce(abolished, '—') || ' | '
		|| coalesce(successor, '—') || ' | '
		|| coalesce(nullif(amendments, ''), '—') || ' | ' || matched
		|| ' | ' || coalesce(nullif(note, ''), '—') || ' | '
		|| coalesce(source, '—') || ' | ' || coalesce(verified_at, '—')
		FROM validity_line_shown;

-- A reader says that what we show of a standard is wrong. Open to all, and so
-- is what becomes of it; the remark is shown once an editor has read it.
CREATE TABLE status_dispute (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- 异议编号
	key TEXT NOT NULL,    -- of the standard, which may be absent (缺失)
	number TEXT NOT NULL, -- as it is printed
	kind TEXT NOT NULL CHECK (kind IN ('作废', '替代', '缺失')),
	remark TEXT NOT NULL CHECK (length(remark) BETWEEN 2 AND 300),
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL DEFAULT '待审核'
		CHECK (state IN ('待审核', '通过', '驳回', '忽略')),
	answer TEXT,          -- the editors', one line
	decided INTEGER,      -- when; seconds since 1970
	CHECK ((state = '待审核') = (decided IS NULL))
) STRICT;
CREATE INDEX status_dispute_key ON status_dispute (key, id);
CREATE INDEX status_dispute_open ON status_dispute (key)
	WHERE state = '待审核';

-- As readers see it: 忽略 hides the remark for good.
CREATE VIEW status_dispute_shown AS
	SELECT id, key, number, kind, state,
		date(created, 'unixepoch', '+8 hours') AS day,
		CASE state WHEN '待审核' THEN '说明在审核以后显示。'
			WHEN '忽略' THEN '说明不予显示。'
			ELSE remark END AS remark,
		answer,
		date(decided, 'unixepoch', '+8 hours') AS decided_on
	FROM status_dispute;
