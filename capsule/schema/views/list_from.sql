-- SPDX-License-Identifier: ISC
--
-- The rows from an anchor on: ORDER BY published, id LIMIT n OFFSET (at most
-- 199), with section_id and block given.
CREATE VIEW list_from AS
	SELECT k.section_id, k.block, a.published, a.id, a.title
	FROM list_anchor k
	JOIN article_listed a ON a.section_id = k.section_id
		AND (a.published, a.id) >= (k.published, k.id);
