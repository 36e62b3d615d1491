-- SPDX-License-Identifier: ISC
--
-- 标准化协会: who is a member and until when, and who asks to become one. An
-- application belongs to a reader's account and goes with it.

CREATE TABLE member (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
	number TEXT NOT NULL UNIQUE -- 会员号, as it is told and printed
		CHECK (number GLOB 'HY-[0-9][0-9][0-9][0-9]*'),
	kind TEXT NOT NULL -- 会员类别
		CHECK (kind IN ('理事单位', '单位会员', '个人会员')),
	name TEXT NOT NULL -- of the unit or the person
		CHECK (length(name) BETWEEN 2 AND 60),
	since TEXT NOT NULL -- the first day of the membership
		CHECK (since IS date(since, '+0 days')),
	until TEXT NOT NULL -- its last day; later than today: a member
		CHECK (until IS date(until, '+0 days') AND until >= since),
	listed INTEGER NOT NULL DEFAULT 0 -- 1: agrees to stand in the public list
		CHECK (listed IN (0, 1)),
	account_id INTEGER -- whose membership it is; NULL: nobody's here
		REFERENCES account (id) ON DELETE SET NULL,
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)) -- 1: 示例
) STRICT;
CREATE INDEX member_kind ON member (kind, name);
CREATE INDEX member_until ON member (until);
CREATE INDEX member_account ON member (account_id);

-- An application for membership (入会申请).
CREATE TABLE application (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- for its steps; never used twice
	year INTEGER NOT NULL, -- in which it was begun, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 受理编号, in the address
		CHECK (number = format('RH%d-%04d', year, serial)),
	account_id INTEGER NOT NULL -- whose it is
		REFERENCES account (id) ON DELETE CASCADE,
	kind TEXT NOT NULL -- which membership is asked for
		CHECK (kind IN ('理事单位', '单位会员', '个人会员')),
	name TEXT NOT NULL -- of the unit or the person
		CHECK (length(name) BETWEEN 2 AND 60),
	contact TEXT -- one way to reach the applicant; only editors read it, and
		-- each reading is logged; NULL: not said yet, or erased
		CHECK (length(contact) BETWEEN 4 AND 100),
	about TEXT -- what the unit or the person does; may stay NULL
		CHECK (length(about) BETWEEN 2 AND 300),
	listed INTEGER NOT NULL DEFAULT 0 -- 1: agrees to stand in the public list
		CHECK (listed IN (0, 1)),
	created INTEGER NOT NULL, -- seconds since 1970
	due TEXT -- the day by which it is to be decided; NULL: a draft
		CHECK (due IS date(due, '+0 days')),
	state TEXT NOT NULL DEFAULT '草稿' -- that of its last step
		CHECK (state IN ('草稿', '已提交', '补正', '受理', '通过',
			'不予通过', '撤回')),
	member_id INTEGER REFERENCES member (id), -- what it led to
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX application_account ON application (account_id, id);
CREATE INDEX application_member ON application (member_id);
CREATE INDEX application_open ON application (due, id)
	WHERE state IN ('已提交', '受理', '补正');

-- What became of it, for the applicant. A step is never rewritten.
CREATE TABLE application_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the steps
	application_id INTEGER NOT NULL -- the application
		REFERENCES application (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who: 申请人, or 秘书处
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('草稿', '已提交', '补正', '受理', '通过',
			'不予通过', '撤回')),
	note TEXT -- for the applicant
		CHECK (length(note) BETWEEN 2 AND 500)
) STRICT;
CREATE INDEX application_step_application
	ON application_step (application_id, id);
