-- SPDX-License-Identifier: ISC
--
-- A system with its size: how many nodes it has, how many standards stand in
-- them (one that stands in two nodes counts twice).
CREATE VIEW system_shown AS
SELECT s.*, (SELECT count(*) FROM system_node WHERE system_id = s.id) AS nodes,
	(SELECT count(*) FROM system_node n JOIN system_member m
		ON m.node_id = n.id WHERE n.system_id = s.id) AS members
FROM system s;
