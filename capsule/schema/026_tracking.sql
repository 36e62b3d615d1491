-- SPDX-License-Identifier: ISC
--
-- 标准跟踪: lists of what accounts follow, what has changed of it, and which
-- list has been told. What is followed is looked at after each import and every
-- night (nightly/tracking.sql), and compared with what was seen before. So it
-- does not matter where a change comes from: an announcement, a catalogue, an
-- undone import, a dispute, or the calendar alone.

-- A list of one account.
CREATE TABLE watch_list (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the address: /my/track/ID/
	account_id INTEGER NOT NULL REFERENCES account (id) -- whose it is
		ON DELETE CASCADE,
	name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 40), -- the owner's
	note TEXT CHECK (length(note) BETWEEN 1 AND 300), -- the owner's
	token TEXT NOT NULL UNIQUE -- random, in the private address of its feed
		CHECK (length(token) = 32 AND token NOT GLOB '*[^0-9a-f]*'),
	created INTEGER NOT NULL, -- seconds since 1970
	UNIQUE (account_id, name)
) STRICT;

-- What a list follows.
CREATE TABLE watch_item (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the address of the item
	list_id INTEGER NOT NULL REFERENCES watch_list (id) -- the list
		ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ( -- what `value` is:
		'standard',  -- the key of one edition; it may be absent
		'family',    -- a family: all its editions
		'ics',       -- a code: all standards in it and below it
		'ccs',       -- a class or a letter
		'committee', -- org.id of the 归口单位
		'search')),  -- words; new standards that have them
	value TEXT NOT NULL CHECK (length(value) BETWEEN 1 AND 200), -- see kind
	label TEXT NOT NULL, -- what the list shows of it: a number, a name
	note TEXT CHECK (length(note) BETWEEN 1 AND 300), -- the owner's
	created INTEGER NOT NULL, -- seconds since 1970
	filled INTEGER, -- of a class or committee: the editions up to this id are
		-- in watch_edition; NULL: all are
	UNIQUE (list_id, kind, value)
) STRICT;
CREATE INDEX watch_item_value ON watch_item (kind, value, list_id);
CREATE INDEX watch_item_filled ON watch_item (id) WHERE filled IS NOT NULL;

-- An edition that somebody follows, as it was seen last. The view watch_sight
-- says what is to be seen of it today.
CREATE TABLE watch_edition (
	standard_id INTEGER PRIMARY KEY -- the edition
		REFERENCES standard (id) ON DELETE CASCADE,
	status TEXT, -- its status
	successor TEXT, -- the key of what replaces it
	ahead TEXT, -- the day of a change within the next 30 days
	amendments TEXT NOT NULL, -- 修改单 and 勘误: their keys, a blank
		-- between two
	draft TEXT, -- the key of the draft of its next edition
	dispute INTEGER -- the last dispute about it that was accepted
) STRICT;

-- The day that is asked about, and how far the night has come.
CREATE TABLE watch_round (
	id INTEGER PRIMARY KEY CHECK (id = 1), -- there is one row
	day TEXT NOT NULL, -- of watch_sight, YYYY-MM-DD
	night TEXT NOT NULL, -- the day of the last night that has begun
	position INTEGER NOT NULL -- that night: editions up to this id are done
) STRICT;
INSERT INTO watch_round (id, day, night, position) VALUES (1, date('now'), '', 0);

-- What has changed of an edition that somebody follows. What an import has said
-- of a standard, whether followed or not, is in change_event.
CREATE TABLE watch_event (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the events
	standard_id INTEGER NOT NULL REFERENCES standard (id) -- the edition
		ON DELETE CASCADE,
	kind TEXT NOT NULL CHECK (kind IN ('新标准', '新版发布', '即将实施',
		'即将失效', '现行', '被代替', '废止', '修改单', '征求意见',
		'状态异议', '状态变化')), -- what has happened
	other TEXT NOT NULL DEFAULT '', -- the key of the other edition: what
		-- replaces it, amends it, is its draft; of 状态变化 'was→is', two
		-- states or two days
	day TEXT NOT NULL, -- from which day it is so, as far as known; else the
		-- day on which it was seen
	created INTEGER NOT NULL -- when it was seen; seconds since 1970
) STRICT;
CREATE INDEX watch_event_standard ON watch_event (standard_id, kind);
-- An edition is new once. Any other change may come back.
CREATE UNIQUE INDEX watch_event_new ON watch_event (standard_id)
	WHERE kind = '新标准';

-- A list has been told.
CREATE TABLE watch_notice (
	list_id INTEGER NOT NULL REFERENCES watch_list (id) -- the list
		ON DELETE CASCADE,
	event_id INTEGER NOT NULL REFERENCES watch_event (id) -- the event
		ON DELETE CASCADE,
	read_at INTEGER, -- when the owner has marked it as read; seconds since 1970
	PRIMARY KEY (list_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX watch_notice_event ON watch_notice (event_id);
CREATE INDEX watch_notice_unread ON watch_notice (list_id, event_id)
	WHERE read_at IS NULL;
