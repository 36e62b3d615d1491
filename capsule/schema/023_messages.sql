-- SPDX-License-Identifier: ISC
--
-- What readers write to the portal (留言, 意见), what becomes of it, and what
-- the staff notes for itself. Nothing here tells who wrote or from where: a
-- message is read again by its number and a code of which only a hash is kept.
-- Nights delete what is a year old (nightly/messages.sql).

CREATE TABLE message (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- for its steps; never used twice
	year INTEGER NOT NULL, -- in which it came, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 留言编号, as it is told to the reader
		CHECK (number = format('LY%d-%06d', year, serial)),
	code_hash TEXT NOT NULL -- sha256 of number, a blank and the code (查询码)
		CHECK (length(code_hash) = 64),
	kind TEXT NOT NULL -- a question, or an opinion about the portal
		CHECK (kind IN ('咨询', '意见')),
	body TEXT NOT NULL -- the reader's words, with line ends; empty once the
		-- reader has withdrawn them
		CHECK (length(body) BETWEEN 2 AND 5000
			OR (state = '已撤回' AND body = '')),
	created INTEGER NOT NULL, -- seconds since 1970
	due TEXT NOT NULL -- the day by which it is to be answered
		CHECK (due IS date(due, '+0 days')),
	state TEXT NOT NULL DEFAULT '待处理' -- that of its last step
		CHECK (state IN ('待处理', '办理中', '已答复', '不予办理',
			'已撤回')),
	sample INTEGER NOT NULL DEFAULT 0 -- 1: 示例, which stays
		CHECK (sample IN (0, 1)),
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX message_open ON message (due, id)
	WHERE state IN ('待处理', '办理中');
CREATE INDEX message_created ON message (created);

-- What became of it, for its reader. A step is never rewritten.
CREATE TABLE message_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the steps
	message_id INTEGER NOT NULL REFERENCES message (id), -- the message
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('待处理', '办理中', '已答复', '不予办理',
			'已撤回')),
	note TEXT -- the answer, or why; its reader reads it
		CHECK (length(note) BETWEEN 2 AND 5000)
) STRICT;
CREATE INDEX message_step_message ON message_step (message_id, id);

-- How many messages came from one address in the last hour. The name of an
-- address does not tell the address, and is another one each day; a night
-- deletes what is older than a day.
CREATE TABLE message_visitor (
	id INTEGER PRIMARY KEY, -- orders them
	visitor TEXT NOT NULL, -- the name of the address, as pages have it
	created INTEGER NOT NULL -- seconds since 1970
) STRICT;
CREATE INDEX message_visitor_visitor ON message_visitor (visitor, created);
CREATE INDEX message_visitor_created ON message_visitor (created);

-- Questions and answers that are of use to others, without what could name
-- somebody: an editor has written the question anew. They outlive the message.
CREATE TABLE public_answer (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders them; in the address
	message_id INTEGER UNIQUE, -- the message, which may be gone; NULL: none
	day TEXT NOT NULL -- when it was published
		CHECK (day IS date(day, '+0 days')),
	question TEXT NOT NULL -- in the editor's words
		CHECK (length(question) BETWEEN 2 AND 300),
	answer TEXT NOT NULL -- as its reader got it
		CHECK (length(answer) BETWEEN 2 AND 5000)
) STRICT;

-- What the staff notes for itself. No public page reads this table.
CREATE TABLE internal_note (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the notes
	kind TEXT NOT NULL -- what the note is about: a row of this table
		CHECK (kind IN ('message', 'dispute', 'member',
			'application')),
	about INTEGER NOT NULL, -- the id of that row
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who has noted it, as in editor_act
	note TEXT NOT NULL -- one text, with line ends
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX internal_note_about ON internal_note (kind, about, id);

-- The age of what waits, for the editors.
CREATE INDEX status_dispute_waiting ON status_dispute (created, id)
	WHERE state = '待审核';
