-- SPDX-License-Identifier: ISC
--
-- 在线申请: one machine for all services that are asked for by a form. What is
-- offered, what a form asks and through which stages a request goes are rows.
-- A request belongs to a reader's account and goes with it.

-- The kinds of numbers are no longer a list: a new kind is two letters.
ALTER TABLE number_given RENAME TO number_given_before;
CREATE TABLE number_given (
	kind TEXT NOT NULL CHECK (kind GLOB '[A-Z][A-Z]'), -- of what: DG
		-- shop_order, RH application, BM registration, FW request
	year INTEGER NOT NULL, -- as in the number
	last INTEGER NOT NULL, -- the highest serial number; it only grows
	PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;
INSERT INTO number_given (kind, year, last)
	SELECT kind, year, last FROM number_given_before;
DROP TABLE number_given_before;

-- A service that can be asked for.
CREATE TABLE request_kind (
	id INTEGER PRIMARY KEY CHECK (id >= 1), -- for its fields and requests
	slug TEXT NOT NULL UNIQUE -- in the address: /my/request/new/SLUG/
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
	name TEXT NOT NULL UNIQUE -- its heading
		CHECK (name = trim(name) AND length(name) BETWEEN 2 AND 40),
	service_id INTEGER REFERENCES service (id), -- the service whose page
		-- leads to the form; NULL: the list of forms alone does
	position INTEGER NOT NULL UNIQUE, -- order among the forms
	purpose TEXT NOT NULL, -- what is asked for, for readers, one line
	course TEXT NOT NULL, -- what happens after it was submitted, one line
	answer_days INTEGER NOT NULL -- days until it is accepted or not
		CHECK (answer_days BETWEEN 1 AND 90),
	work_days INTEGER NOT NULL -- days from then on until it is done
		CHECK (work_days BETWEEN 1 AND 730),
	keep_months INTEGER NOT NULL -- how long it is kept after its last step
		CHECK (keep_months BETWEEN 12 AND 120),
	offered INTEGER NOT NULL DEFAULT 1 -- 0: takes no new requests
		CHECK (offered IN (0, 1))
) STRICT;
CREATE INDEX request_kind_service ON request_kind (service_id);

-- What its form asks. A field whose requests are there is not taken away; it
-- is no longer asked.
CREATE TABLE request_field (
	id INTEGER PRIMARY KEY CHECK (id >= 1), -- for the answers
	kind_id INTEGER NOT NULL REFERENCES request_kind (id), -- whose form
	slug TEXT NOT NULL -- in the address of the field
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
	position INTEGER NOT NULL -- order in the form; the first one names a
			-- request in lists
		CHECK (position >= 1),
	name TEXT NOT NULL -- its label
		CHECK (name = trim(name) AND length(name) BETWEEN 1 AND 30),
	form TEXT NOT NULL -- how it is answered: by a prompt (line), by a prompt
			-- whose answer is not shown, and is erased early (secret), by
			-- a prompt or by Titan (text), by files (file)
		CHECK (form IN ('line', 'secret', 'text', 'file')
			AND (position > 1 OR form = 'line')),
	prompt TEXT NOT NULL -- what the prompt says, with the form that is wanted
		CHECK (length(prompt) BETWEEN 2 AND 150),
	help TEXT -- what stands below it in the form, one line; NULL: nothing
		CHECK (length(help) BETWEEN 2 AND 300),
	required INTEGER NOT NULL -- 1: nothing is submitted without it
		CHECK (required IN (0, 1)),
	rule TEXT -- how an answer is checked, a name of request_rule; NULL: by
		-- its length alone
		CHECK (rule <> ''),
	choices TEXT -- what can be chosen, with 、 between; for the rule choice
		CHECK ((choices IS NOT NULL) = (rule IS 'choice')),
	least INTEGER NOT NULL DEFAULT 2 CHECK (least >= 1), -- characters, at least
	most INTEGER NOT NULL DEFAULT 100 -- characters, or files, at most
		CHECK (most >= least AND most <= 50000),
	asked INTEGER NOT NULL DEFAULT 1 -- 0: no longer asked
		CHECK (asked IN (0, 1)),
	UNIQUE (kind_id, slug),
	UNIQUE (kind_id, position)
) STRICT;

-- The stages of 办理中.
CREATE TABLE request_stage (
	id INTEGER PRIMARY KEY CHECK (id >= 1), -- in the address, for editors
	kind_id INTEGER NOT NULL REFERENCES request_kind (id), -- of which service
	position INTEGER NOT NULL, -- the usual order
	name TEXT NOT NULL -- as it is told: 初审, 专家评审
		CHECK (length(name) BETWEEN 2 AND 20
			AND name NOT IN ('草稿', '已提交', '受理', '不予受理', '补正',
				'办理中', '办结', '撤回')),
	UNIQUE (kind_id, position),
	UNIQUE (kind_id, name)
) STRICT;

-- A request of a reader.
CREATE TABLE request (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- in the address of
		-- a draft; never used twice
	kind_id INTEGER NOT NULL REFERENCES request_kind (id), -- what for
	account_id INTEGER NOT NULL -- whose it is
		REFERENCES account (id) ON DELETE CASCADE,
	year INTEGER, -- in which it was submitted, in the portal's zone
	serial INTEGER, -- from 1 in each year
	number TEXT UNIQUE -- 受理编号, in the address; NULL: a draft
		CHECK (number IS format('FW%d-%04d', year, serial)
			OR (number IS NULL AND year IS NULL AND serial IS NULL)),
	created INTEGER NOT NULL, -- seconds since 1970
	touched INTEGER NOT NULL, -- when the reader has changed it last
	round INTEGER NOT NULL DEFAULT 1 -- 1, and one more for each 补正
		CHECK (round >= 1),
	due TEXT -- the day by which the office, in 补正 the reader, does the next
			-- step; NULL: a draft, or closed
		CHECK (due IS date(due, '+0 days')),
	state TEXT NOT NULL DEFAULT '草稿' -- that of its last step
		CHECK (state IN ('草稿', '已提交', '受理', '不予受理', '补正',
			'办理中', '办结', '撤回')),
	stage TEXT -- of 办理中, that of its last step
		CHECK (stage IS NULL OR state = '办理中'),
	seen INTEGER NOT NULL DEFAULT 0, -- the last step that the reader has said
		-- to have read
	UNIQUE (year, serial),
	CHECK (number IS NOT NULL OR state = '草稿')
) STRICT;
CREATE INDEX request_account ON request (account_id, id);
CREATE INDEX request_kind_requests ON request (kind_id);
CREATE INDEX request_open ON request (due, id)
	WHERE state IN ('已提交', '受理', '补正', '办理中');
CREATE INDEX request_draft ON request (touched) WHERE state = '草稿';
CREATE INDEX request_closed ON request (id)
	WHERE state IN ('不予受理', '办结', '撤回');

-- An answer. What was submitted stays: after a 补正 another answer is a row of
-- the next round, and the last round's row counts (view request_answer).
CREATE TABLE request_value (
	request_id INTEGER NOT NULL -- the request
		REFERENCES request (id) ON DELETE CASCADE,
	field_id INTEGER NOT NULL REFERENCES request_field (id), -- what was asked
	round INTEGER NOT NULL, -- in which it was given
	version INTEGER NOT NULL DEFAULT 1, -- one more for each change: who has
		-- edited another version is told so
	value TEXT -- the answer, with line ends; NULL: taken back, or erased
		CHECK (value <> ''),
	PRIMARY KEY (request_id, field_id, round)
) STRICT;
CREATE INDEX request_value_field ON request_value (field_id);

-- A file of the reader, or one for the reader.
CREATE TABLE request_file (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- in the address
	request_id INTEGER NOT NULL -- the request
		REFERENCES request (id) ON DELETE CASCADE,
	field_id INTEGER REFERENCES request_field (id), -- what was asked; NULL:
		-- from the office, for the reader
	round INTEGER NOT NULL, -- in which it came
	created INTEGER NOT NULL, -- seconds since 1970
	mime TEXT NOT NULL, -- its media type
	bytes INTEGER NOT NULL CHECK (bytes > 0), -- its size
	sha256 TEXT NOT NULL -- of its bytes
		CHECK (length(sha256) = 64),
	data BLOB NOT NULL, -- its bytes
	UNIQUE (request_id, sha256)
) STRICT;
CREATE INDEX request_file_field ON request_file (field_id);

-- What became of it, for the reader. A step is never rewritten.
CREATE TABLE request_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the steps
	request_id INTEGER NOT NULL -- the request
		REFERENCES request (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL -- who
		CHECK (name IN ('申请人', '服务窗口')),
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('草稿', '已提交', '受理', '不予受理', '补正',
			'办理中', '办结', '撤回')),
	stage TEXT -- of 办理中; NULL: none
		CHECK (stage IS NULL OR state = '办理中'),
	note TEXT -- for the reader
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX request_step_request ON request_step (request_id, id);

-- What the portal has found by itself when a request was submitted: a line for
-- each standard that an answer names.
CREATE TABLE request_finding (
	request_id INTEGER NOT NULL -- the request
		REFERENCES request (id) ON DELETE CASCADE,
	round INTEGER NOT NULL, -- of which submission
	position INTEGER NOT NULL, -- order among the findings of that one
	day TEXT NOT NULL -- as of which day
		CHECK (day IS date(day, '+0 days')),
	asked TEXT NOT NULL, -- what the reader has written
	key TEXT, -- of the standard that it was taken for; NULL: none
	said TEXT NOT NULL, -- what was found, one line
	fine INTEGER NOT NULL -- 1: nothing to do
		CHECK (fine IN (0, 1)),
	PRIMARY KEY (request_id, round, position)
) STRICT, WITHOUT ROWID;

-- What the staff notes about a request, for itself.
CREATE TABLE request_note (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the notes
	request_id INTEGER NOT NULL -- the request
		REFERENCES request (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who has noted it, as in editor_act
	note TEXT NOT NULL -- one text, with line ends
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX request_note_request ON request_note (request_id, id);
