-- SPDX-License-Identifier: ISC
--
-- A report is written once.
CREATE TRIGGER validity_report_update BEFORE UPDATE ON validity_report
WHEN OLD.sha256 IS NOT NULL OR NEW.sha256 IS NULL
	OR (OLD.id, OLD.year, OLD.serial, OLD.number, OLD.created, OLD.day,
		OLD.data_day, OLD.lines, OLD.counts, OLD.rerun_of, OLD.unlike)
	IS NOT (NEW.id, NEW.year, NEW.serial, NEW.number, NEW.created, NEW.day,
		NEW.data_day, NEW.lines, NEW.counts, NEW.rerun_of, NEW.unlike)
	OR NEW.lines <> (SELECT count(*) FROM validity_line
		WHERE report_id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;

-- A re-check has the list of the report that it checks again.
CREATE TRIGGER validity_report_rerun BEFORE UPDATE ON validity_report
WHEN NEW.rerun_of IS NOT NULL AND (NEW.lines <> (SELECT lines
		FROM validity_report WHERE id = NEW.rerun_of)
	OR EXISTS (SELECT 1 FROM validity_line n LEFT JOIN validity_line o
		ON o.report_id = NEW.rerun_of AND o.position = n.position
		WHERE n.report_id = NEW.id AND n.raw IS NOT o.raw))
BEGIN
	SELECT raise(ABORT, 'a re-check of another list');
END;

CREATE TRIGGER validity_report_delete BEFORE DELETE ON validity_report
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;

CREATE TRIGGER validity_line_insert BEFORE INSERT ON validity_line
WHEN (SELECT sha256 FROM validity_report WHERE id = NEW.report_id) IS NOT NULL
BEGIN
	SELECT raise(ABORT, 'a report does not grow');
END;

CREATE TRIGGER validity_line_update BEFORE UPDATE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never rewritten');
END;

CREATE TRIGGER validity_line_delete BEFORE DELETE ON validity_line
BEGIN
	SELECT raise(ABORT, 'a report is never deleted');
END;
