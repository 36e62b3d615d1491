-- SPDX-License-Identifier: ISC
--
-- Its lines; lists of numbers in one line.
CREATE VIEW validity_line_shown AS
	SELECT report_id, position, raw, number, key, found, title, verdict,
		status, issued, implemented, abolished, successors, matched,
		same_as, source, verified_at, successor,
		coalesce(amendments, '') AS amendments,
		coalesce(CASE WHEN note <> '' THEN note END
			|| CASE WHEN same_as IS NULL THEN '' ELSE '；' END, '')
			|| coalesce('与第 ' || same_as || ' 条重复', '') AS note
	FROM validity_line;
