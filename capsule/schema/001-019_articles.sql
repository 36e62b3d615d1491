-- SPDX-License-Identifier: ISC
--
-- What the portal keeps of itself and of its articles. Nothing here can be
-- worked out from anything else; what can is made by the files of derived/.
--
-- All times are seconds since 1970, UTC; pages show them in the portal's zone.

-- The portal itself: one row.
CREATE TABLE portal (
	id INTEGER PRIMARY KEY CHECK (id = 1), -- always 1: there is one portal
	name TEXT NOT NULL,    -- what the home page and the feeds are called
	summary TEXT NOT NULL, -- one sentence, shown under the name
	tag_date TEXT NOT NULL -- in the tag: URIs of feed entries (RFC 4151)
		CHECK (tag_date GLOB '[0-9][0-9][0-9][0-9]*')
) STRICT;

-- The site map, top level. The order is an editor's; a section without a
-- position can be reached but is not in the map (关于本站, 使用帮助).
CREATE TABLE section (
	id INTEGER PRIMARY KEY, -- in the search index: it never changes
	slug TEXT NOT NULL UNIQUE -- in the address: /news/SLUG/, /page/SLUG and
		-- /search/SLUG, beside the other kinds of search
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'
			AND slug NOT IN ('title', 'text', 'source', 'section')),
	name TEXT NOT NULL UNIQUE -- its heading
		CHECK (name = trim(name) AND name <> ''),
	kind TEXT NOT NULL -- what it holds: articles (news), one text (page), or
		-- all services, at /service/ (services)
		CHECK (kind IN ('services', 'news', 'page')),
	position INTEGER UNIQUE, -- order in the site map; NULL: not in it
	summary TEXT NOT NULL DEFAULT '', -- one or two sentences, one line
	body TEXT NOT NULL DEFAULT '' -- gemtext of a 'page'; else empty
		CHECK (kind = 'page' OR body = ''),
	mark TEXT AS ('guijusection' || char(97 + id / 676 % 26, -- the section
		97 + id / 26 % 26, 97 + id % 26)) -- as one token of the search
		-- index: one word of letters, guijusectionaab
) STRICT;

-- 咨询服务: what each service is, how it goes, what it costs, whom to ask.
CREATE TABLE service (
	id INTEGER PRIMARY KEY, -- for old_address; no address shows it
	slug TEXT NOT NULL UNIQUE -- in the address: /service/SLUG
		CHECK (slug <> '' AND slug NOT GLOB '*[^a-z0-9-]*'),
	name TEXT NOT NULL UNIQUE -- its heading
		CHECK (name = trim(name) AND name <> ''),
	position INTEGER NOT NULL UNIQUE, -- order among the services
	summary TEXT NOT NULL DEFAULT '', -- one or two sentences, one line
	content TEXT NOT NULL, -- 服务内容, gemtext
	process TEXT NOT NULL, -- 流程, gemtext
	fee TEXT NOT NULL,     -- 费用, gemtext
	contact TEXT NOT NULL  -- 联系方式, gemtext
) STRICT;

-- An article of a news section. It is withdrawn rather than deleted, so that
-- its address can say what happened.
CREATE TABLE article (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the address: /article/ID. It
		-- is never used twice: feeds and view counters know it
	section_id INTEGER NOT NULL REFERENCES section (id), -- where it stands:
		-- a section of kind news
	status TEXT NOT NULL DEFAULT 'draft' -- who sees it: nobody (draft),
		-- everybody (live), everybody but only the reason (withdrawn)
		CHECK (status IN ('draft', 'live', 'withdrawn')),
	reason TEXT -- why it was withdrawn, shown to readers
		CHECK (status <> 'withdrawn' OR reason <> ''),
	published INTEGER NOT NULL -- shown from then on, if live
		CHECK (published BETWEEN 0 AND 99999999999),
	updated INTEGER NOT NULL -- last change that readers should notice
		CHECK (updated BETWEEN 0 AND 99999999999),
	pinned INTEGER NOT NULL DEFAULT 0 -- 1: above the section's list
		CHECK (pinned IN (0, 1)),
	sample INTEGER NOT NULL DEFAULT 0 -- 1: made up to show the portal
		CHECK (sample IN (0, 1)),
	kicker TEXT, -- 引题, the line above the title
	title TEXT NOT NULL -- 标题, one line
		CHECK (title = trim(title) AND title <> ''),
	subtitle TEXT, -- 副题, the line below the title
	byline TEXT, -- who wrote it: 本报讯 (记者 ...)
	source TEXT, -- 文章来源, where it first appeared
	source_url TEXT, -- its address there
	publisher TEXT, -- 发布人, who put it here
	summary TEXT, -- one or two sentences, for feeds
	body TEXT NOT NULL, -- gemtext; behind all others, so that a list never
		-- reads it
	prose TEXT GENERATED ALWAYS AS -- what a full text search looks into
		(coalesce(byline || char(10), '') || body) VIRTUAL
) STRICT;
-- Is it here already? Asked at each import.
CREATE INDEX article_title ON article (title, source);
-- A section's list, the pinned articles beside it, and an editor's drafts. It
-- holds all that a list shows, so that stepping over rows reads no article.
CREATE INDEX article_list
	ON article (section_id, status, pinned, published, id, title);
-- Live articles of all sections, for the portal's feed.
CREATE INDEX article_newest ON article (published, id) WHERE status = 'live';

-- A file that belongs to an article: static/files/FILE.
CREATE TABLE attachment (
	id INTEGER PRIMARY KEY, -- nothing refers to it
	article_id INTEGER NOT NULL REFERENCES article (id) -- below which it is
		ON DELETE CASCADE,
	position INTEGER NOT NULL, -- order below the article
	file TEXT NOT NULL -- its name in static/files/
		CHECK (file <> '' AND file NOT GLOB '*/*' AND file NOT GLOB '.*'),
	label TEXT NOT NULL CHECK (label <> ''), -- what it is, for readers
	mime TEXT NOT NULL, -- its media type, for example application/pdf
	bytes INTEGER NOT NULL CHECK (bytes >= 0), -- its size
	UNIQUE (article_id, position)
) STRICT;

-- From which file an article came, so that the same file, corrected, is known
-- as the same article again, also where its title was what had to be corrected.
CREATE TABLE article_import (
	article_id INTEGER PRIMARY KEY -- the article
		REFERENCES article (id) ON DELETE CASCADE,
	path TEXT NOT NULL, -- of the file that was imported last
	name TEXT NOT NULL, -- the last part of the path
	stored TEXT NOT NULL -- SHA-256 of article_text.text as it was left:
		-- when it is another now, somebody has changed the article here
) STRICT;
CREATE INDEX article_import_path ON article_import (path);
CREATE INDEX article_import_name ON article_import (name);

-- Where an address that is no longer ours leads: the old web portal's, an
-- article that was merged into another, a section or service with a new slug.
CREATE TABLE old_address (
	path TEXT PRIMARY KEY CHECK (path GLOB '/*'), -- any address, as it was
		-- written or percent-encoded, with its '?' if it had one:
		-- /bzhfw/gnwbzhdt/2019/01/1234, /show.asp?id=12, /article/17,
		-- /news/old/ (and all below it), /page/old, /service/old
	article_id INTEGER REFERENCES article (id), -- where it leads: either here
	section_id INTEGER REFERENCES section (id), -- or here
	service_id INTEGER REFERENCES service (id), -- or here
	CHECK ((article_id IS NOT NULL) + (section_id IS NOT NULL)
		+ (service_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
-- Servers of old portals took names in any case, and %b1 is %B1 anyway.
CREATE INDEX old_address_any_case ON old_address (path COLLATE NOCASE);
CREATE INDEX old_address_article ON old_address (article_id);
CREATE INDEX old_address_section ON old_address (section_id);
CREATE INDEX old_address_service ON old_address (service_id);
