%# How `guiju import article` stores one post. Besides what is needed there are
%# :title, :published, :body, the gemtext, and :file_name. A post is known by
%# the name of its file: importing the file again corrects the post.
% needs :summary
% gives :address :updated :before :after
% if coalesce(trim(:title), '') = ''
% fail refused no title
% end
% one SELECT replace(replace(:file_name, '.gmi', ''), ' ', '-') AS slug
%# What a reader is shown of a post, before and after.
% one SELECT (SELECT post_text(title, summary, published, body) FROM post
%     WHERE slug = :slug) AS before
% one SELECT post_text(trim(:title), nullif(trim(:summary), ''),
%     coalesce(:published, (SELECT published FROM post WHERE slug = :slug)),
%     :body) AS after
% if :before = :after
% fail already /post/{slug}
% end
% do INSERT INTO post (slug, title, summary, body, published, updated)
%     VALUES (:slug, trim(:title), nullif(trim(:summary), ''), :body,
%         coalesce(:published, unixepoch()), coalesce(:published, unixepoch()))
%     ON CONFLICT (slug) DO UPDATE SET title = excluded.title,
%         summary = excluded.summary, body = excluded.body,
%         published = coalesce(:published, published),
%         updated = max(excluded.published, unixepoch()),
%         revision = revision + 1
%     RETURNING '/post/' || slug AS stored
% one SELECT iif(:before IS NULL, :stored, NULL) AS address,
%     iif(:before IS NULL, NULL, :stored) AS updated
