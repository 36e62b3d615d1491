-- SPDX-License-Identifier: ISC
--
-- What stands in a node: the nodes below it, then its standards (`member` 1).
-- Both parts are asked for one `node_id`. What the catalogue lacks has no
-- `standard_id`.
CREATE VIEW system_entry AS
	SELECT parent_id AS node_id, 0 AS member, position, id, code, name,
		NULL AS key, NULL AS number, NULL AS standard_id
	FROM system_node
	UNION ALL
	SELECT m.node_id, 1, m.position, m.id, NULL,
		coalesce(s.name, m.title, '（名称待核实）'), m.key,
		coalesce(s.number, m.number), s.id
	FROM system_member m LEFT JOIN standard s ON s.key = m.key;
