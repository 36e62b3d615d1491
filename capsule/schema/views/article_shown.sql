-- SPDX-License-Identifier: ISC
--
-- An article as readers see it: whose it is (NULL: nobody says) and when it
-- came, as two short lines; times are those of the portal's zone.
CREATE VIEW article_shown AS
	SELECT a.id, a.section_id, s.slug AS section, s.name AS section_name,
		a.status, a.reason, a.published, a.updated, a.sample,
		a.kicker, a.title, a.subtitle, a.byline, a.source,
		a.source_url, a.publisher, a.summary, a.body, a.prose,
		local_day(a.published) AS day,
		CASE WHEN a.source IS NULL THEN '发布人：' || a.publisher
			ELSE '文章来源：' || a.source
				|| coalesce('　发布人：' || a.publisher, '')
		END AS credit,
		'发布时间：' || local_time(a.published)
			|| strftime(':%S', a.published, 'unixepoch')
			|| CASE WHEN a.updated > a.published THEN '　更新时间：'
				|| local_time(a.updated)
				|| strftime(':%S', a.updated, 'unixepoch')
				ELSE '' END AS dated
	FROM article a JOIN section s ON s.id = a.section_id;
