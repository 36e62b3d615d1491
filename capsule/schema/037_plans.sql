-- SPDX-License-Identifier: ISC
--
-- 标准制修订: plans for standards with their stages, drafts that are open for
-- comment, and what readers say of a clause. A comment belongs to an account and
-- goes with it; what is shown of it in public names nobody who does not want it.

CREATE TABLE plan (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- never used twice
	number TEXT NOT NULL UNIQUE -- 计划号, in the address
		CHECK (number GLOB '[A-Z0-9]*' AND number NOT GLOB '*[^A-Z0-9.-]*'
			AND length(number) BETWEEN 3 AND 40),
	title TEXT NOT NULL -- the name of the standard to be
		CHECK (length(title) BETWEEN 2 AND 100),
	level TEXT NOT NULL -- whose standard it will be
		CHECK (level IN ('国家', '行业', '地方', '团体', '企业')),
	action TEXT NOT NULL CHECK (action IN ('制定', '修订')), -- a new standard,
		-- or the next edition of one
	proposer TEXT -- 提出单位
		CHECK (length(proposer) BETWEEN 2 AND 100),
	committee TEXT -- 归口单位
		CHECK (length(committee) BETWEEN 2 AND 100),
	drafters TEXT -- 起草单位, '；' between
		CHECK (length(drafters) BETWEEN 2 AND 500),
	about TEXT -- what for, a few sentences
		CHECK (length(about) BETWEEN 2 AND 1000),
	approved TEXT -- the day on which the plan was approved
		CHECK (approved IS date(approved, '+0 days')),
	due TEXT CHECK (due IS date(due, '+0 days')), -- the day by which it is to be
		-- done
	result_key TEXT, -- the key of the standard that it has become
	stage TEXT NOT NULL DEFAULT '预阶段' -- that of its last step (GB/T 16733)
		CHECK (stage IN ('预阶段', '立项', '起草', '征求意见', '审查', '批准',
			'出版', '复审', '废止', '终止')),
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 样例
	batch_id INTEGER REFERENCES import_batch (id) -- the import that wrote it
		-- last
) STRICT;
CREATE INDEX plan_stage ON plan (stage, id);
CREATE INDEX plan_result ON plan (result_key) WHERE result_key IS NOT NULL;

-- What the standard to be will replace; the catalogue may lack it.
CREATE TABLE plan_replaces (
	plan_id INTEGER NOT NULL REFERENCES plan (id) -- the plan
		ON DELETE CASCADE,
	key TEXT NOT NULL -- of the standard
		CHECK (key <> '' AND key NOT GLOB '*[^A-Z0-9.-]*'),
	number TEXT NOT NULL, -- as it is printed
	PRIMARY KEY (plan_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_replaces_key ON plan_replaces (key);

-- A stage that has begun. A step is never rewritten.
CREATE TABLE plan_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the steps
	plan_id INTEGER NOT NULL REFERENCES plan (id) -- the plan
		ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL CHECK (day IS date(day, '+0 days')), -- when it has begun
	stage TEXT NOT NULL -- what the plan is at from here on
		CHECK (stage IN ('预阶段', '立项', '起草', '征求意见', '审查', '批准',
			'出版', '复审', '废止', '终止')),
	note TEXT -- for readers
		CHECK (length(note) BETWEEN 2 AND 500)
) STRICT;
CREATE INDEX plan_step_plan ON plan_step (plan_id, id);

-- A draft of the text. One that is published stays as it is; its last day may
-- be put off.
CREATE TABLE plan_draft (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- never used twice
	plan_id INTEGER NOT NULL REFERENCES plan (id), -- the plan
	version INTEGER NOT NULL CHECK (version >= 1), -- from 1 in each plan
	about TEXT -- 编制说明, a few sentences
		CHECK (length(about) BETWEEN 2 AND 2000),
	opened TEXT CHECK (opened IS date(opened, '+0 days')), -- the first day for
		-- comments
	until TEXT CHECK (until IS date(until, '+0 days')), -- the last day for
		-- comments
	state TEXT NOT NULL DEFAULT '草稿' -- a draft in preparation is for editors
		CHECK (state IN ('草稿', '公布')),
	batch_id INTEGER REFERENCES import_batch (id), -- the import that brought it
	UNIQUE (plan_id, version),
	CHECK (state = '草稿' OR (opened IS NOT NULL AND until IS NOT NULL
		AND opened <= until))
) STRICT;
CREATE INDEX plan_draft_until ON plan_draft (state, until);

-- A clause of a draft.
CREATE TABLE draft_clause (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders what has one
		-- position
	draft_id INTEGER NOT NULL REFERENCES plan_draft (id) -- the draft
		ON DELETE CASCADE,
	position INTEGER NOT NULL, -- orders the clauses
	clause TEXT NOT NULL -- 条款号, in the address: '4.2'; 0: the draft as a
		-- whole
		CHECK (clause GLOB '[A-Z0-9]*' AND clause NOT GLOB '*[^A-Z0-9.]*'
			AND length(clause) <= 20),
	title TEXT -- its heading
		CHECK (length(title) BETWEEN 1 AND 100),
	body TEXT NOT NULL -- its text, with line ends
		CHECK (length(body) BETWEEN 1 AND 20000),
	UNIQUE (draft_id, clause)
) STRICT;
CREATE INDEX draft_clause_order ON draft_clause (draft_id, position, id);

-- What a reader says of a clause.
CREATE TABLE draft_comment (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the comments
	year INTEGER NOT NULL, -- in which it was begun, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 意见编号, in the address
		CHECK (number = format('YJ%d-%04d', year, serial)),
	draft_id INTEGER NOT NULL REFERENCES plan_draft (id), -- the draft
	clause_id INTEGER NOT NULL REFERENCES draft_clause (id), -- the clause
	account_id INTEGER -- whose it is; NULL: a sample, or nobody's any more
		REFERENCES account (id) ON DELETE CASCADE,
	kind TEXT NOT NULL DEFAULT '一般' -- what it is about
		CHECK (kind IN ('一般', '技术', '编辑')),
	body TEXT NOT NULL -- the comment
		CHECK (length(body) BETWEEN 2 AND 2000),
	proposal TEXT -- what the clause should say; may stay NULL
		CHECK (length(proposal) BETWEEN 2 AND 2000),
	signed TEXT -- the name that is shown in public; NULL: none is
		CHECK (length(signed) BETWEEN 2 AND 60),
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL DEFAULT '草稿' -- that of its last step
		CHECK (state IN ('草稿', '待处理', '采纳', '部分采纳', '不采纳',
			'撤回')),
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 样例
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX draft_comment_account ON draft_comment (account_id, id);
CREATE INDEX draft_comment_draft ON draft_comment (draft_id, state, id);
CREATE INDEX draft_comment_clause ON draft_comment (clause_id, id);
CREATE INDEX draft_comment_open ON draft_comment (id) WHERE state = '待处理';
CREATE INDEX draft_comment_begun ON draft_comment (created)
	WHERE state = '草稿';
-- The same twice, by the same reader, is a mistake.
CREATE UNIQUE INDEX draft_comment_same
	ON draft_comment (account_id, clause_id, body) WHERE state <> '撤回';

-- What became of it. A step is never rewritten; another answer is another step.
CREATE TABLE comment_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the steps
	comment_id INTEGER NOT NULL -- the comment
		REFERENCES draft_comment (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who: 提意见人, or 起草组
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('草稿', '待处理', '采纳', '部分采纳', '不采纳',
			'撤回')),
	note TEXT -- why, in public
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX comment_step_comment ON comment_step (comment_id, id);
