%# SPDX-License-Identifier: ISC
%#
%# How `guiju import article` stores one file, in one transaction. What it needs
%# are the fields of an article; besides, there are :title, :body, :published,
%# :file, :file_path, :file_name, :replace and :attachments, a JSON list of
%# objects: path, label, mime, bytes.
% needs :section :kicker :subtitle :byline :source :source_url :publisher
%     :summary :status :article :pinned :sample
% gives :address :updated :before :after
% if coalesce(trim(:title), '') = ''
% fail refused no title
% end
% one SELECT id AS section_id FROM section
%     WHERE kind = 'news' AND :section IN (slug, name)
% none
% one SELECT group_concat(slug || ' ' || name, ', ') AS sections FROM section
%     WHERE kind = 'news'
% fail refused no section "{section}" that holds articles; there are: {sections}
% end
% if :status NOT IN ('live', 'draft')
% fail refused "{status}" is not a status: live or draft
% end
% each SELECT value ->> 'path' AS path FROM json_each(:attachments)
%     WHERE value ->> 'path' NOT GLOB 'files/[^.]*'
%         OR value ->> 'path' GLOB 'files/*/*' LIMIT 1
% fail refused attachments lie in static/files/, not in static/{path}
% end
% include _same.sql
% if :article IS NOT NULL AND :same IS NULL
% fail refused no article {article} that could be corrected
% end
% if :same IS NULL
% each SELECT i.article_id AS other
%     FROM article_import i
%     WHERE i.path = :file_path ORDER BY i.article_id DESC LIMIT 1
this file was imported before, as /article/{other}, and holds another article now; if it is the same, its head says article: /article/{other}
% end
% each SELECT id AS other
%     FROM article
%     WHERE title = trim(:title) AND published = :published
%         AND source IS nullif(trim(:source), '')
%     ORDER BY id DESC LIMIT 1
another article of this title and time is there, /article/{other}; if this is the same, its head says article: /article/{other}
% end
%# Nobody's news of today: what has no time is an editor's to look at.
% if :published IS NULL AND :status IS NULL
no time was found: it is stored as a draft, which nobody is shown; give it a time (published: in a head, or --published) and import it again
% end
% end

% do INSERT INTO article (section_id, status, published, updated, pinned, sample,
%         kicker, title, subtitle, byline, source, source_url, publisher,
%         summary, body)
%     SELECT :section_id,
%         coalesce(:status, iif(:published IS NULL, 'draft', 'live')),
%         coalesce(:published, unixepoch()), coalesce(:published, unixepoch()),
%         coalesce(:pinned, 0), coalesce(:sample, 0), nullif(trim(:kicker), ''),
%         trim(:title), nullif(trim(:subtitle), ''), nullif(trim(:byline), ''),
%         nullif(trim(:source), ''), nullif(trim(:source_url), ''),
%         nullif(trim(:publisher), ''), nullif(trim(:summary), ''), :body
%     WHERE :same IS NULL
%     RETURNING id AS new_id, '/article/' || id AS address

%# A correction: what the file says, but for a time and a status that it does
%# not say. What was withdrawn stays so.
% one SELECT coalesce(:same, :new_id) AS article_id,
%     (SELECT text FROM article_text WHERE id = :same) AS before
% if :same IS NOT NULL
% do UPDATE article SET section_id = :section_id,
%         status = CASE WHEN status = 'withdrawn' THEN status
%             WHEN :status IS NOT NULL THEN :status
%             WHEN :published IS NULL THEN status ELSE 'live' END,
%         published = coalesce(:published, published),
%         pinned = coalesce(:pinned, 0), sample = coalesce(:sample, 0),
%         kicker = nullif(trim(:kicker), ''), title = trim(:title),
%         subtitle = nullif(trim(:subtitle), ''),
%         byline = nullif(trim(:byline), ''), source = nullif(trim(:source), ''),
%         source_url = nullif(trim(:source_url), ''),
%         publisher = nullif(trim(:publisher), ''),
%         summary = nullif(trim(:summary), ''), body = :body
%     WHERE id = :same
% do DELETE FROM attachment WHERE article_id = :same
% end
% do INSERT INTO attachment (article_id, position, file, label, mime, bytes)
%     SELECT :article_id, key + 1, substr(value ->> 'path', 7),
%         coalesce(nullif(trim(value ->> 'label'), ''),
%             substr(value ->> 'path', 7)),
%         value ->> 'mime', value ->> 'bytes'
%     FROM json_each(:attachments)
% one SELECT (SELECT text FROM article_text WHERE id = :same) AS after
% if :same IS NOT NULL
% if :after = :before OR EXISTS (SELECT 1 FROM article_import
%     WHERE article_id = :same AND stored = sha256(:after))
% fail already /article/{same}
% elif NOT :replace AND NOT EXISTS (SELECT 1 FROM article_import
%     WHERE article_id = :same AND stored = sha256(:before))
% fail refused /article/{same} is not as this import would know it: it was changed in the portal since, or came before imports were remembered; --replace puts the file in its place
% end
% end
% do UPDATE article SET updated = max(published, unixepoch()) WHERE id = :same
%     RETURNING '/article/' || id AS updated
% if EXISTS (SELECT 1 FROM article WHERE id = :same AND status = 'withdrawn')
it is withdrawn, and stays so
% elif :status IS NULL AND :published IS NULL AND EXISTS (SELECT 1
%     FROM article WHERE id = :same AND status = 'draft')
it has no time and is still a draft
% end

% do INSERT INTO article_import (article_id, path, name, stored)
%     SELECT id, :file_path, :file_name, sha256(text) FROM article_text
%     WHERE id = :article_id
%     ON CONFLICT (article_id) DO UPDATE SET path = excluded.path,
%         name = excluded.name, stored = excluded.stored

% include _search.sql
