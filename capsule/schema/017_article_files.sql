-- SPDX-License-Identifier: ISC
--
-- From which file an article came, so that the same file, corrected, is known
-- as the same article again, also where its title was what had to be corrected.

CREATE TABLE article_import (
	article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
	path TEXT NOT NULL, -- of the file that was imported last
	name TEXT NOT NULL, -- the last part of it
	stored TEXT NOT NULL -- SHA-256 of article_text.text as it was left:
		-- when it is another now, somebody has changed the article here
) STRICT;
CREATE INDEX article_import_path ON article_import (path);
CREATE INDEX article_import_name ON article_import (name);

-- An article as a file would say it. What changes by itself is left out.
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
