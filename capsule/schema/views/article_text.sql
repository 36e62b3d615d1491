-- SPDX-License-Identifier: ISC
--
-- An article as a file would say it, to be compared with what a file said
-- before. What changes by itself is left out, and the time is written in one
-- zone for ever.
CREATE VIEW article_text (id, text) AS
	SELECT a.id, 'title: ' || a.title || char(10)
		|| 'section: ' || s.slug || char(10)
		|| coalesce('kicker: ' || a.kicker || char(10), '')
		|| coalesce('subtitle: ' || a.subtitle || char(10), '')
		|| coalesce('byline: ' || a.byline || char(10), '')
		|| coalesce('source: ' || a.source || char(10), '')
		|| coalesce('source_url: ' || a.source_url || char(10), '')
		|| coalesce('publisher: ' || a.publisher || char(10), '')
		|| 'published: ' || datetime(a.published, 'unixepoch', '+8 hours')
		|| char(10)
		|| coalesce('summary: ' || a.summary || char(10), '')
		|| 'status: ' || a.status || char(10)
		|| CASE a.pinned WHEN 1 THEN 'pinned: yes' || char(10) ELSE '' END
		|| CASE a.sample WHEN 1 THEN 'sample: yes' || char(10) ELSE '' END
		|| coalesce((SELECT group_concat('attachment: files/' || t.file
				|| ' | ' || t.label || ' (' || t.mime || ', '
				|| t.bytes || ')' || char(10), '')
			FROM (SELECT file, label, mime, bytes FROM attachment
				WHERE article_id = a.id ORDER BY position) t), '')
		|| char(10) || a.body
	FROM article a JOIN section s ON s.id = a.section_id;
