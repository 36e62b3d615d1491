-- SPDX-License-Identifier: ISC
--
-- Standards of systems that may have ended: those with a last day, with a
-- successor, or of which a source says so. Whether one has ended on a day says
-- status_on(standard_id, day). `system_id` is the key: a statement asks for one
-- system.
CREATE VIEW system_past AS
SELECT n.system_id, n.code AS node, n.name AS node_name, n.position AS node_at,
	m.position, m.id, m.key, s.id AS standard_id, s.number, s.name, s.ends,
	s.successor_key
FROM system_node n JOIN system_member m ON m.node_id = n.id
JOIN standard s ON s.key = m.key
WHERE s.ends IS NOT NULL OR s.successor_key IS NOT NULL
	OR s.stated IN ('被代替', '废止', '项目终止');
