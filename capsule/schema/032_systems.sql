-- SPDX-License-Identifier: ISC
--
-- 标准体系: systems that a body has published, each a tree whose nodes hold
-- standards. A node names a standard by its key, so it does not matter whether
-- the catalogue has it; its status is asked for on the day of the reader.

CREATE TABLE system (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- never used twice
	code TEXT NOT NULL UNIQUE -- in the address: /system/yezi/
		CHECK (code GLOB '[a-z]*' AND code NOT GLOB '*[^a-z0-9-]*'
			AND length(code) BETWEEN 2 AND 40),
	name TEXT NOT NULL -- its name
		CHECK (length(name) BETWEEN 2 AND 100),
	issuer TEXT NOT NULL -- who has published it
		CHECK (length(issuer) BETWEEN 2 AND 100),
	published TEXT NOT NULL -- the day; readers see it from then on
		CHECK (published IS date(published, '+0 days')),
	effective TEXT -- from which day it holds; NULL: from its publication
		CHECK (effective IS date(effective, '+0 days')),
	void TEXT CHECK (void IS date(void, '+0 days')), -- from which day it does
		-- not hold any more
	about TEXT -- what it is for, a few sentences
		CHECK (length(about) BETWEEN 2 AND 1000),
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 样例
	batch_id INTEGER REFERENCES import_batch (id) -- the import that wrote it
		-- last
) STRICT;
CREATE INDEX system_published ON system (published);

-- A node. A node is one level below its parent (triggers/systems.sql), so no
-- node is above itself.
CREATE TABLE system_node (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- never used twice
	system_id INTEGER NOT NULL REFERENCES system (id) -- the system
		ON DELETE CASCADE,
	parent_id INTEGER REFERENCES system_node (id), -- what it is below; NULL: at
		-- the top
	depth INTEGER NOT NULL CHECK (depth BETWEEN 1 AND 8), -- its level: 1 at the
		-- top
	code TEXT NOT NULL -- 节点编号, in the address: '1.2'
		CHECK (code GLOB '[A-Za-z0-9]*' AND code NOT GLOB '*[^A-Za-z0-9.-]*'
			AND length(code) <= 40),
	name TEXT NOT NULL -- its name
		CHECK (length(name) BETWEEN 1 AND 100),
	position INTEGER NOT NULL, -- orders the nodes of a system
	batch_id INTEGER REFERENCES import_batch (id), -- the import that wrote it
		-- last
	UNIQUE (system_id, code),
	CHECK ((parent_id IS NULL) = (depth = 1))
) STRICT;
CREATE INDEX system_node_parent ON system_node (parent_id, position, id);
CREATE INDEX system_node_top ON system_node (system_id, position, id);
CREATE INDEX system_node_batch ON system_node (batch_id)
	WHERE batch_id IS NOT NULL;

-- A standard in a node. The same standard may stand in many nodes.
CREATE TABLE system_member (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id >= 1), -- orders what has one
		-- position
	node_id INTEGER NOT NULL REFERENCES system_node (id) -- the node
		ON DELETE CASCADE,
	key TEXT NOT NULL -- of the standard; the catalogue may lack it
		CHECK (key <> '' AND key NOT GLOB '*[^A-Z0-9.-]*'),
	number TEXT NOT NULL, -- as it is printed
	title TEXT CHECK (length(title) BETWEEN 1 AND 200), -- what the system calls
		-- it, shown where the catalogue lacks it
	position INTEGER NOT NULL, -- orders the standards of a node
	batch_id INTEGER REFERENCES import_batch (id), -- the import that brought it
	UNIQUE (node_id, key)
) STRICT;
CREATE INDEX system_member_key ON system_member (key);
CREATE INDEX system_member_order ON system_member (node_id, position, id);
CREATE INDEX system_member_batch ON system_member (batch_id)
	WHERE batch_id IS NOT NULL;
