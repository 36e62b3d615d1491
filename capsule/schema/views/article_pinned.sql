-- SPDX-License-Identifier: ISC
--
-- What stands above it.
CREATE VIEW article_pinned AS
	SELECT section_id, published, id, title FROM article
	WHERE status = 'live' AND pinned = 1;
