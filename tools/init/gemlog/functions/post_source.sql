-- post_source(title, body)
-- A post as its author edits it: the title is the first line, a heading.
SELECT '# ' || :title || char(10) || char(10) || :body
