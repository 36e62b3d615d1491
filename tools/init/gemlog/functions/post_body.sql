-- post_body(text)
-- What follows the title of an edited text.
SELECT ltrim(substr(:text, instr(:text || char(10), char(10)) + 1), char(10))
