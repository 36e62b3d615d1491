-- SPDX-License-Identifier: ISC
--
-- Where an old address leads now. is_folder: what was below it is below that;
-- stays: what is there is not itself withdrawn.
CREATE VIEW old_address_now AS
	SELECT o.path, CASE WHEN o.article_id IS NOT NULL
			THEN '/article/' || o.article_id
		WHEN o.service_id IS NOT NULL THEN '/service/' || v.slug
		WHEN s.kind = 'news' THEN '/news/' || s.slug || '/'
		WHEN s.kind = 'page' THEN '/page/' || s.slug
		ELSE '/service/' END AS now_at,
		coalesce(s.kind = 'news', 0) AS is_folder,
		coalesce(a.status = 'live', 1) AS stays
	FROM old_address o
	LEFT JOIN article a ON a.id = o.article_id
	LEFT JOIN section s ON s.id = o.section_id
	LEFT JOIN service v ON v.id = o.service_id;
