-- SPDX-License-Identifier: ISC
--
-- A node stands one level below its parent, in the same system. A node that has
-- others below it keeps its level. So nodes make no circle: each would be one
-- level below itself.
CREATE TRIGGER system_node_insert BEFORE INSERT ON system_node
WHEN NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM system_node
	WHERE id = NEW.parent_id AND system_id = NEW.system_id
		AND depth = NEW.depth - 1)
BEGIN
	SELECT raise(ABORT, 'a node is one level below its parent');
END;

CREATE TRIGGER system_node_update BEFORE UPDATE ON system_node
WHEN (NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM system_node
		WHERE id = NEW.parent_id AND system_id = NEW.system_id
			AND depth = NEW.depth - 1))
	OR ((NEW.id, NEW.system_id, NEW.depth)
			IS NOT (OLD.id, OLD.system_id, OLD.depth)
		AND EXISTS (SELECT 1 FROM system_node WHERE parent_id = OLD.id))
BEGIN
	SELECT raise(ABORT, 'a node is one level below its parent');
END;
