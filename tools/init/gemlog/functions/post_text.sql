-- post_text(title, summary, published, body)
-- All that a reader is shown of a post, as one text: two are compared by it.
SELECT :title || char(10) || coalesce(:summary, '') || char(10)
    || coalesce(:published, '') || char(10) || char(10) || :body
