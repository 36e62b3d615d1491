-- SPDX-License-Identifier: ISC
--
-- 标准有效性确认: drafts, reports, disputes; and what readers looked for in
-- vain. Nothing here names a reader.

-- A list that is being put together, in as many rounds as it takes. Whoever
-- has the token has the list; it goes away by itself.
CREATE TABLE validity_draft (
	token TEXT PRIMARY KEY -- random, in the address
		CHECK (length(token) >= 16 AND token NOT GLOB '*[^a-z0-9]*'),
	created INTEGER NOT NULL, -- seconds since 1970
	changed INTEGER NOT NULL, -- drafts untouched for a week may be deleted
	day TEXT,                 -- asked about; NULL: the day of the report
	client TEXT,              -- 委托单位, if it wants to be named
	rerun_of INTEGER REFERENCES validity_report (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX validity_draft_changed ON validity_draft (changed);

CREATE TABLE validity_draft_line (
	token TEXT NOT NULL REFERENCES validity_draft (token)
		ON DELETE CASCADE,
	position INTEGER NOT NULL CHECK (position BETWEEN 1 AND 5000),
	raw TEXT NOT NULL, -- as it was typed
	number TEXT,       -- as it was understood; NULL: it was not
	key TEXT,          -- of the number; NULL: no number
	PRIMARY KEY (token, position)
) STRICT, WITHOUT ROWID;

-- A report is written once. Its number is its permanent address.
CREATE TABLE validity_report (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	number TEXT NOT NULL UNIQUE, -- '2026-000123'
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL,        -- 截止日期: in force on that day
	data_day TEXT,            -- how old the catalogue was
	client TEXT,              -- 委托单位
	lines INTEGER NOT NULL,   -- 条数
	counts TEXT NOT NULL,     -- {"现行":3, ...}
	sha256 TEXT NOT NULL,     -- of its text as it is downloaded
	rerun_of INTEGER REFERENCES validity_report (id)
) STRICT;
CREATE INDEX validity_report_rerun ON validity_report (rerun_of);

CREATE TABLE validity_line (
	report_id INTEGER NOT NULL REFERENCES validity_report (id),
	position INTEGER NOT NULL, -- 序号, in the order of the input
	raw TEXT NOT NULL,         -- 原输入
	number TEXT,               -- 标准号 that was found
	key TEXT,
	title TEXT,                -- 名称
	status TEXT NOT NULL,      -- 状态, on the report's day
	issued TEXT,
	implemented TEXT,
	replaces TEXT,             -- numbers, one line
	replaced_by TEXT,
	amendments TEXT,           -- 修改单
	conclusion TEXT NOT NULL,  -- 结论
	matched TEXT NOT NULL,     -- 匹配方式
	note TEXT,                 -- 备注: 重复, 号码疑误 ...
	source TEXT,               -- of the standard's row, at that time
	verified_at TEXT,
	PRIMARY KEY (report_id, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER validity_report_update BEFORE UPDATE ON validity_report
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;
CREATE TRIGGER validity_report_delete BEFORE DELETE ON validity_report
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;
CREATE TRIGGER validity_line_update BEFORE UPDATE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;
CREATE TRIGGER validity_line_delete BEFORE DELETE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;
CREATE TRIGGER validity_line_insert BEFORE INSERT ON validity_line
WHEN NEW.position NOT BETWEEN 1 AND (SELECT lines FROM validity_report
	WHERE id = NEW.report_id)
BEGIN
	SELECT raise(ABORT, 'a report does not grow');
END;

-- A reader says that our status is wrong; open to all, and so is the answer.
CREATE TABLE status_dispute (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	key TEXT NOT NULL,    -- of the standard, which may be absent (缺失)
	number TEXT NOT NULL, -- as it is printed
	claim TEXT NOT NULL CHECK (claim IN ('作废', '替代', '缺失')),
	remark TEXT NOT NULL CHECK (length(remark) BETWEEN 1 AND 500),
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL DEFAULT '待审核'
		CHECK (state IN ('待审核', '通过', '驳回', '忽略')),
	answer TEXT,          -- the editors', one line
	decided INTEGER       -- when
) STRICT;
CREATE INDEX status_dispute_key ON status_dispute (key, id);
CREATE INDEX status_dispute_state ON status_dispute (state, id);

-- Words that found nothing, for the editors: what is missing here?
CREATE TABLE zero_hit (
	term TEXT NOT NULL CHECK (length(term) BETWEEN 1 AND 60),
	day TEXT NOT NULL,   -- in Asia/Shanghai
	n INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (term, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX zero_hit_day ON zero_hit (day, n);
