-- SPDX-License-Identifier: ISC
--
-- What a section's list holds.
CREATE VIEW article_listed AS
	SELECT section_id, published, id, title FROM article
	WHERE status = 'live' AND pinned = 0;
