-- SPDX-License-Identifier: ISC
--
-- The lines of a report as text. A view without UNION: SQLite gives its rows in
-- the order of the primary key, and needs no sorting.
CREATE VIEW validity_line_text (report_id, position, text) AS
	SELECT report_id, position, position || ' | ' || raw || ' | '
		|| coalesce(found, number, '—') || ' | ' || coalesce(title, '—')
		|| ' | ' || verdict || ' | ' || coalesce(issued, '—') || ' | '
		|| coalesce(implemented, '—') || ' | '
		|| coalesce(abolished, '—') || ' | '
		|| coalesce(successor, '—') || ' | '
		|| coalesce(nullif(amendments, ''), '—') || ' | ' || matched
		|| ' | ' || coalesce(nullif(note, ''), '—') || ' | '
		|| coalesce(source, '—') || ' | ' || coalesce(verified_at, '—')
		FROM validity_line_shown;
