-- comment_digest(comment)
--
-- A short name for all that a comment says, before it is handed in.
SELECT substr(sha256(json_array(kind, body, proposal, signed)), 1, 16)
FROM draft_comment WHERE id = :comment
