-- SPDX-License-Identifier: ISC
--
-- The editions of watch_class_window that are in its class.
CREATE VIEW watch_class_next (standard_id) AS
	SELECT s.id FROM watch_class_window w
	CROSS JOIN standard s ON s.id > w.filled AND s.id <= w.upto
	WHERE s.stub = 0 AND CASE w.kind
		WHEN 'ics' THEN instr(' ' || s.ics, ' ' || w.value) > 0
		WHEN 'ccs' THEN w.value IN (s.ccs, substr(s.ccs, 1, 1))
		WHEN 'committee' THEN w.value = CAST(s.committee_id AS TEXT) END;
