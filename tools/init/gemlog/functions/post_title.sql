-- post_title(text)
-- The title of an edited text: its first line, if that is a heading.
SELECT nullif(trim(substr(line, 2)), '') FROM (SELECT
    substr(:text, 1, instr(:text || char(10), char(10)) - 1) AS line)
WHERE line GLOB '# *'
