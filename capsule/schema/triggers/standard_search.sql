-- SPDX-License-Identifier: ISC
--
-- What the index of derived/standard_search.sql does not know yet. What was
-- noted first is what the index holds: later changes add nothing. A new
-- standard is noted by standard_file_insert.
CREATE TRIGGER standard_search_update AFTER UPDATE OF number, title, title_en,
	title_orig, level, mandate, year, ics, ccs, adopted ON standard
WHEN (OLD.number, OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	IS NOT (NEW.number, NEW.title, NEW.title_en, NEW.title_orig, NEW.marks)
	AND OLD.id > (SELECT after FROM standard_bulk) IS NOT 1
BEGIN
	INSERT INTO standard_search_change VALUES (OLD.id, 1, OLD.number,
		OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER standard_search_delete AFTER DELETE ON standard
BEGIN
	INSERT INTO standard_search_change VALUES (OLD.id, 1, OLD.number,
		OLD.title, OLD.title_en, OLD.title_orig, OLD.marks)
	ON CONFLICT DO NOTHING;
END;

-- A standard never changes its id: the index knows it by that.
CREATE TRIGGER standard_id BEFORE UPDATE OF id ON standard
WHEN NEW.id <> OLD.id
BEGIN
	SELECT raise(ABORT, 'a standard keeps its id');
END;
