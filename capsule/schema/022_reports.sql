-- SPDX-License-Identifier: ISC
--
-- Nothing that a stranger writes stands on a page about something else: a
-- re-check is one only where its list is the same, and editors can withdraw a
-- report. Its rows and its hash stay.

CREATE TABLE validity_withdrawn (
	report_id INTEGER PRIMARY KEY -- the report that is not shown
		REFERENCES validity_report (id),
	reason TEXT NOT NULL -- why, for everybody
		CHECK (length(reason) BETWEEN 2 AND 100),
	created INTEGER NOT NULL -- seconds since 1970
) STRICT;

-- Reports of before may have a list of their own: rerun_of is in what was
-- hashed and stays, and this says that it leads nowhere.
ALTER TABLE validity_report ADD COLUMN unlike INTEGER NOT NULL DEFAULT 0
	-- 1: its list is not that of rerun_of
	CHECK (unlike IN (0, 1));
UPDATE validity_report SET unlike = 1
	WHERE (SELECT o.lines FROM validity_report o
		WHERE o.id = validity_report.rerun_of) <> lines
	OR EXISTS (SELECT 1 FROM validity_line n JOIN validity_line o
		ON o.report_id = validity_report.rerun_of
		AND o.position = n.position
		WHERE n.report_id = validity_report.id AND n.raw <> o.raw);

-- Drafts of before may have been changed, too.
UPDATE validity_draft SET rerun_of = NULL
	WHERE (SELECT group_concat(raw, char(10)) FROM (SELECT raw
		FROM validity_draft_line WHERE draft_id = validity_draft.id
		ORDER BY position))
	IS NOT (SELECT group_concat(raw, char(10)) FROM (SELECT raw
		FROM validity_line WHERE report_id = validity_draft.rerun_of
		ORDER BY position));
