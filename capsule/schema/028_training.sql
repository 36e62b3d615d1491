-- SPDX-License-Identifier: ISC
--
-- 标准化培训: courses, who has registered for them, and the certificates. A
-- registration belongs to a reader's account and goes with it. A certificate
-- stays, since its holder shows its number to others; it does not tell a name.

CREATE TABLE course (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders them; never used twice
	year INTEGER NOT NULL, -- in which it was written, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 班次编号, in the address
		CHECK (number = format('PX%d-%02d', year, serial)),
	title TEXT NOT NULL -- its name
		CHECK (length(title) BETWEEN 2 AND 60),
	about TEXT -- what is taught, for whom
		CHECK (length(about) BETWEEN 2 AND 1000),
	place TEXT -- where
		CHECK (length(place) BETWEEN 2 AND 80),
	hours TEXT -- at which hours of each day
		CHECK (length(hours) BETWEEN 2 AND 60),
	first TEXT CHECK (first IS date(first, '+0 days')), -- the first day
	last TEXT CHECK (last IS date(last, '+0 days')), -- the last day
	deadline TEXT -- the last day to register and to cancel
		CHECK (deadline IS date(deadline, '+0 days')),
	fee INTEGER CHECK (fee BETWEEN 0 AND 100000), -- in yuan, for one person
	seats INTEGER CHECK (seats BETWEEN 1 AND 1000), -- how many persons
	contact TEXT -- whom to ask: the portal's own telephone, in public
		CHECK (length(contact) BETWEEN 4 AND 100),
	state TEXT NOT NULL DEFAULT '草稿' -- a draft is for editors only
		CHECK (state IN ('草稿', '公布', '取消')),
	reason TEXT CHECK (length(reason) BETWEEN 2 AND 200), -- of 取消, in public
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 示例
	UNIQUE (year, serial),
	CHECK (state = '草稿' OR (place IS NOT NULL AND hours IS NOT NULL
		AND first IS NOT NULL AND last IS NOT NULL AND deadline IS NOT NULL
		AND fee IS NOT NULL AND seats IS NOT NULL AND contact IS NOT NULL
		AND deadline <= first AND first <= last))
) STRICT;
CREATE INDEX course_last ON course (state, last);

-- One person in one course.
CREATE TABLE registration (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- the order of the waiting list
	year INTEGER NOT NULL, -- in which it was made, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 报名编号, in the address
		CHECK (number = format('BM%d-%04d', year, serial)),
	course_id INTEGER NOT NULL REFERENCES course (id), -- the course
	account_id INTEGER -- who has registered the person; NULL: a sample
		REFERENCES account (id) ON DELETE CASCADE,
	name TEXT NOT NULL -- of the person; for the list of the course
		CHECK (length(name) BETWEEN 2 AND 30),
	unit TEXT NOT NULL -- where the person works
		CHECK (length(unit) BETWEEN 2 AND 60),
	contact TEXT -- one way to reach the person; editors read it by an act that
		-- is logged; NULL: erased
		CHECK (length(contact) BETWEEN 4 AND 100),
	created INTEGER NOT NULL, -- seconds since 1970
	state TEXT NOT NULL DEFAULT '候补' -- that of its last step; all but 候补 and
		-- 取消 have a seat
		CHECK (state IN ('候补', '待确认', '已确认', '已缴费', '签到', '发证',
			'取消')),
	sample INTEGER NOT NULL DEFAULT 0 -- 1: 示例
		CHECK (sample IN (0, 1)),
	UNIQUE (year, serial),
	CHECK (account_id IS NOT NULL OR sample = 1)
) STRICT;
CREATE INDEX registration_course ON registration (course_id, state, id);
CREATE INDEX registration_account ON registration (account_id, id);
CREATE INDEX registration_open ON registration (id) WHERE state = '待确认';
-- The same person twice, by the same reader, is a mistake.
CREATE UNIQUE INDEX registration_person
	ON registration (course_id, account_id, name, contact)
	WHERE state <> '取消';

-- What became of it, for who has registered. A step is never rewritten.
CREATE TABLE registration_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the steps
	registration_id INTEGER NOT NULL -- the registration
		REFERENCES registration (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who: 报名人, 培训组, or 系统 for who moves up
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('候补', '待确认', '已确认', '已缴费', '签到', '发证',
			'取消')),
	note TEXT -- for who has registered
		CHECK (length(note) BETWEEN 2 AND 500)
) STRICT;
CREATE INDEX registration_step_registration
	ON registration_step (registration_id, id);

-- What the staff notes for itself about a registration. It goes with it.
CREATE TABLE registration_note (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the notes
	registration_id INTEGER NOT NULL -- the registration
		REFERENCES registration (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who has noted it, as in editor_act
	note TEXT NOT NULL -- one text, with line ends
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX registration_note_registration
	ON registration_note (registration_id, id);

-- A certificate, which anybody can check who has its number.
CREATE TABLE certificate (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
	year INTEGER NOT NULL, -- in which it was issued, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	code TEXT NOT NULL -- random, so that numbers cannot be guessed in a row
		CHECK (length(code) = 6 AND code NOT GLOB '*[^0-9A-F]*'),
	number TEXT NOT NULL UNIQUE -- 证书编号, as it is printed
		CHECK (number = format('ZS%d-%04d-%s', year, serial, code)),
	course_id INTEGER NOT NULL REFERENCES course (id), -- which course
	registration_id INTEGER UNIQUE -- whose it is; NULL: kept no longer
		REFERENCES registration (id) ON DELETE SET NULL,
	name_hash TEXT NOT NULL -- sha256 of number, a blank and the folded name:
		-- a name can be compared, and not read
		CHECK (length(name_hash) = 64),
	issued TEXT NOT NULL CHECK (issued IS date(issued, '+0 days')), -- the day
	revoked TEXT CHECK (revoked IS date(revoked, '+0 days')), -- NULL: it is good
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX certificate_course ON certificate (course_id);
