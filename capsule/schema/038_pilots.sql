-- SPDX-License-Identifier: ISC
--
-- 试点示范: the register of projects, and what became of each.

CREATE TABLE pilot (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- never used twice
	number TEXT NOT NULL UNIQUE -- 项目编号, in the address
		CHECK (number GLOB '[A-Z0-9]*' AND number NOT GLOB '*[^A-Z0-9.-]*'
			AND length(number) BETWEEN 3 AND 40),
	name TEXT NOT NULL -- of the project
		CHECK (length(name) BETWEEN 2 AND 100),
	unit TEXT NOT NULL -- who carries it out
		CHECK (length(unit) BETWEEN 2 AND 100),
	place TEXT -- the city or county
		CHECK (length(place) BETWEEN 2 AND 40),
	field TEXT NOT NULL -- 领域: 农业农村, 服务业 ...
		CHECK (length(field) BETWEEN 2 AND 20
			AND field NOT GLOB '*[,:"\]*'),
	level TEXT NOT NULL -- who has approved it
		CHECK (level IN ('国家级', '省级', '市县级')),
	series TEXT -- 批次: 第三批
		CHECK (length(series) BETWEEN 2 AND 40),
	started TEXT CHECK (started IS date(started, '+0 days')), -- the first day
	due TEXT CHECK (due IS date(due, '+0 days')), -- the day by which it is to be
		-- accepted
	about TEXT -- what it is for, a few sentences
		CHECK (length(about) BETWEEN 2 AND 1000),
	certificate TEXT UNIQUE -- 证书编号 of what was accepted
		CHECK (length(certificate) BETWEEN 3 AND 40),
	stage TEXT NOT NULL DEFAULT '立项' -- that of its last step
		CHECK (stage IN ('立项', '建设中', '中期评估', '待验收', '已验收',
			'已终止', '已撤销')),
	result TEXT -- of its acceptance: that of its last step
		CHECK (result IN ('通过', '不通过')),
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 样例
	batch_id INTEGER REFERENCES import_batch (id), -- the import that wrote it
		-- last
	CHECK (certificate IS NULL OR stage IN ('已验收', '已撤销'))
) STRICT;
CREATE INDEX pilot_stage ON pilot (stage, due);

-- A stage that has begun. A step is never rewritten.
CREATE TABLE pilot_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders the steps
	pilot_id INTEGER NOT NULL REFERENCES pilot (id) -- the project
		ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	day TEXT NOT NULL CHECK (day IS date(day, '+0 days')), -- when it has begun
	stage TEXT NOT NULL -- what the project is at from here on
		CHECK (stage IN ('立项', '建设中', '中期评估', '待验收', '已验收',
			'已终止', '已撤销')),
	result TEXT -- of 已验收
		CHECK (result IN ('通过', '不通过')),
	note TEXT -- for readers
		CHECK (length(note) BETWEEN 2 AND 500),
	CHECK ((result IS NOT NULL) = (stage = '已验收'))
) STRICT;
CREATE INDEX pilot_step_pilot ON pilot_step (pilot_id, id);
