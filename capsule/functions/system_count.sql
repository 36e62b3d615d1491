-- system_count(node)
--
-- How many standards stand in a node and in all that is below it.
WITH RECURSIVE below (id) AS (VALUES (:node)
	UNION ALL SELECT n.id FROM below b JOIN system_node n ON n.parent_id = b.id)
SELECT count(*) FROM below b JOIN system_member m ON m.node_id = b.id
