%# SPDX-License-Identifier: ISC
%#
%# Which article is this? The one that its head names; else one of this title
%# and source that says the same, or that appeared at the same time and came
%# from this file, from nobody knows which, or agrees in most of the text (a day
%# may bring two of one title, and they are two); else the last that came from
%# this file, if two of title, time and half of the text agree (a file's name
%# may serve for many articles, one after the other); else one with this text
%# from a file of this name.
% needs :article :body :title :source :published :file_path :file_name
% gives :same
% one SELECT id AS named FROM article
%     WHERE :article IN ('/article/' || id, CAST(id AS TEXT))
% none
% end
% one WITH piece (text) AS (SELECT value FROM json_each('["' || replace(replace(replace(
%             substr(json_quote(substr(replace(:body, '\', '/'), 1, 20000)),
%                 2), '\n', '","'), '。', '","'), '，', '","') || ']') WHERE length(value) >= 6)
%     SELECT a.id AS titled FROM article a
%     LEFT JOIN article_import i ON i.article_id = a.id
%     WHERE :article IS NULL AND a.title = trim(:title)
%         AND a.source IS nullif(trim(:source), '')
%         AND (a.body = :body OR (a.published = :published
%             AND (i.path IS NULL OR i.path = :file_path
%                 OR (SELECT count(*) > 0 AND 4 * total(text IN (SELECT value
%                 FROM json_each('["' || replace(replace(replace(
%             substr(json_quote(substr(replace(a.body, '\', '/'), 1, 20000)),
%                 2), '\n', '","'), '。', '","'), '，', '","') || ']'))) >= 3 * count(*) FROM piece))))
%     ORDER BY a.body = :body DESC, i.path IS :file_path DESC, a.id LIMIT 1
% none
% end
% one WITH piece (text) AS (SELECT value FROM json_each('["' || replace(replace(replace(
%             substr(json_quote(substr(replace(:body, '\', '/'), 1, 20000)),
%                 2), '\n', '","'), '。', '","'), '，', '","') || ']') WHERE length(value) >= 6)
%     SELECT a.id AS filed FROM article_import i JOIN article a ON a.id = i.article_id
%     WHERE :article IS NULL AND :titled IS NULL AND i.path = :file_path
%         AND (a.body = :body OR (a.title = trim(:title))
%             + (a.published IS coalesce(:published, a.published))
%             + (SELECT count(*) > 0 AND 2 * total(text IN (SELECT value
%                 FROM json_each('["' || replace(replace(replace(
%             substr(json_quote(substr(replace(a.body, '\', '/'), 1, 20000)),
%                 2), '\n', '","'), '。', '","'), '，', '","') || ']'))) >= count(*) FROM piece) >= 2)
%     ORDER BY a.id DESC LIMIT 1
% none
% end
% one SELECT a.id AS copied FROM article_import i JOIN article a ON a.id = i.article_id
%     WHERE :article IS NULL AND coalesce(:titled, :filed) IS NULL AND i.name = :file_name AND a.body = :body
%     ORDER BY a.id LIMIT 1
% none
% end
% one SELECT coalesce(:named, :titled, :filed, :copied) AS same
