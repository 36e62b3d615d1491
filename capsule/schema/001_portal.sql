-- SPDX-License-Identifier: ISC
--
-- What the portal keeps: nothing here can be worked out from anything else.
-- What can (lists, counters, the search index) stands in the files after this
-- one and can be built again at any time.
--
-- All times are seconds since 1970, UTC; the pages show Asia/Shanghai.

-- The portal itself: one row.
CREATE TABLE portal (
	id INTEGER PRIMARY KEY CHECK (id = 1), -- there is one portal
	name TEXT NOT NULL,    -- what the home page and the feeds are called
	summary TEXT NOT NULL, -- one sentence under the name
	tag_date TEXT NOT NULL -- in the tag: URIs of feed entries (RFC 4151)
		CHECK (tag_date GLOB '[0-9][0-9][0-9][0-9]*')
) STRICT;

-- The site map, top level. The order is an editor's; a row without a position
-- is reachable but not in the map (关于本站, 使用帮助).
CREATE TABLE section (
	id INTEGER PRIMARY KEY, -- stands in the search index: never changes
	slug TEXT NOT NULL UNIQUE -- in the address: /news/SLUG/, /page/SLUG;
		-- /search/SLUG beside the other kinds of search
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'
			AND slug NOT IN ('title', 'text', 'source', 'section')),
	name TEXT NOT NULL UNIQUE CHECK (name = trim(name) AND name <> ''),
	kind TEXT NOT NULL -- 'services': the list of all services, at /service/
		CHECK (kind IN ('services', 'news', 'page')),
	position INTEGER UNIQUE, -- order in the site map; NULL: not in it
	summary TEXT NOT NULL DEFAULT '', -- one or two sentences, one line
	body TEXT NOT NULL DEFAULT '' -- gemtext of a 'page'; else empty
		CHECK (kind = 'page' OR body = ''),
	mark TEXT AS ('guijusection' || char(97 + id / 676 % 26, -- one word of
		97 + id / 26 % 26, 97 + id % 26)) -- letters for the search
		-- index, so that it is one token: guijusectionaab
) STRICT;

-- 咨询服务: what each service is, how it goes, what it costs, whom to ask.
CREATE TABLE service (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE -- in the address: /service/SLUG
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
	name TEXT NOT NULL UNIQUE CHECK (name = trim(name) AND name <> ''),
	position INTEGER NOT NULL UNIQUE, -- order among the services
	summary TEXT NOT NULL DEFAULT '', -- one or two sentences, one line
	content TEXT NOT NULL, -- 服务内容, gemtext
	process TEXT NOT NULL, -- 流程, gemtext
	fee TEXT NOT NULL,     -- 费用, gemtext
	contact TEXT NOT NULL  -- 联系方式, gemtext
) STRICT;

-- An article of a news section. It is withdrawn rather than deleted, so that
-- its address can say what happened; ids are never used twice, because feeds
-- and view counters know an article by its id.
CREATE TABLE article (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the address: /article/ID
	section_id INTEGER NOT NULL REFERENCES section (id),
	status TEXT NOT NULL DEFAULT 'draft'
		CHECK (status IN ('draft', 'live', 'withdrawn')),
	reason TEXT -- why it was withdrawn, told to the reader
		CHECK (status <> 'withdrawn' OR reason <> ''),
	published INTEGER NOT NULL -- shown from then on, if live
		CHECK (published BETWEEN 0 AND 99999999999),
	updated INTEGER NOT NULL -- last change that readers should notice
		CHECK (updated BETWEEN 0 AND 99999999999),
	pinned INTEGER NOT NULL DEFAULT 0 -- 1: above the section's list
		CHECK (pinned IN (0, 1)),
	sample INTEGER NOT NULL DEFAULT 0 -- 1: made up to show the portal
		CHECK (sample IN (0, 1)),
	kicker TEXT,  -- 引题, the line above the title
	title TEXT NOT NULL CHECK (title = trim(title) AND title <> ''),
	subtitle TEXT, -- 副题
	byline TEXT,   -- 本报讯 (记者 ...)
	source TEXT,   -- 文章来源, where it first appeared
	source_url TEXT, -- its address there
	publisher TEXT, -- 发布人, who put it here
	summary TEXT,   -- one or two sentences, for feeds
	body TEXT NOT NULL, -- gemtext; last, so that lists never read it
	-- What a full text search looks into.
	prose TEXT GENERATED ALWAYS AS
		(coalesce(byline || char(10), '') || body) VIRTUAL
) STRICT;

-- A file that belongs to an article: static/files/FILE.
CREATE TABLE attachment (
	id INTEGER PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	position INTEGER NOT NULL, -- order below the article
	file TEXT NOT NULL CHECK (file <> '' AND file NOT GLOB '*/*'
		AND file NOT GLOB '.*'),
	label TEXT NOT NULL CHECK (label <> ''), -- what it is
	mime TEXT NOT NULL,     -- its type, for example application/pdf
	bytes INTEGER NOT NULL CHECK (bytes >= 0), -- its size
	UNIQUE (article_id, position)
) STRICT;

-- Where an address that is no longer ours leads: the old web portal's, an
-- article that was merged into another, a section with a new slug.
CREATE TABLE old_address (
	path TEXT PRIMARY KEY CHECK (path GLOB '/*'), -- for example
		-- /bzhfw/gnwbzhdt/2019/01/1234 or /article/17 or /news/old/
	article_id INTEGER REFERENCES article (id), -- either this
	section_id INTEGER REFERENCES section (id), -- or that
	CHECK ((article_id IS NULL) <> (section_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX old_address_article ON old_address (article_id);
CREATE INDEX old_address_section ON old_address (section_id);

-- Is it here already? Asked at each import.
CREATE INDEX article_title ON article (title, source);
