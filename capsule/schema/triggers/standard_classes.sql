-- SPDX-License-Identifier: ISC
--
-- The classes and counts of derived/standard_classes.sql, one standard at a
-- time. An import does it for all of its new standards together.

-- A row enters (by = 1) or leaves (by = -1) the classes and the counts. All
-- occasions write to this view, so that they share one text.
CREATE VIEW standard_filed (by, id, sort, level, mandate, prefix, year, ics,
	ccs, issuer_id, committee_id) AS
	SELECT 0, 0, '', '', '', '', 0, '', '', 0, 0 WHERE 0;

CREATE TRIGGER standard_file INSTEAD OF INSERT ON standard_filed
BEGIN
	INSERT INTO standard_count VALUES ('all', '', NEW.by)
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count VALUES ('level', NEW.level, NEW.by)
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'mandate', NEW.mandate, NEW.by WHERE NEW.mandate IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'prefix', NEW.prefix, NEW.by WHERE NEW.prefix IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'year', CAST(NEW.year AS TEXT), NEW.by
	WHERE NEW.year IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ccs', NEW.ccs, NEW.by WHERE NEW.ccs IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ccs', substr(NEW.ccs, 1, 1), NEW.by WHERE length(NEW.ccs) > 1
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'issuer', CAST(NEW.issuer_id AS TEXT), NEW.by
	WHERE NEW.issuer_id IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'committee', CAST(NEW.committee_id AS TEXT), NEW.by
	WHERE NEW.committee_id IS NOT NULL
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_classed SELECT NEW.by, NEW.id, NEW.sort, NEW.ics
	WHERE NEW.ics IS NOT NULL;
	DELETE FROM standard_count WHERE n = 0;
END;

-- The same for its ICS codes. A field or group is counted for the first of
-- the codes in it, so that each standard counts once: the first place where
-- the list has the group is then the place of this code.
CREATE VIEW standard_classed (by, id, sort, ics) AS
	SELECT 0, 0, '', '' WHERE 0;

CREATE TRIGGER standard_class INSTEAD OF INSERT ON standard_classed
BEGIN
	INSERT INTO standard_ics (code, sort, standard_id)
	SELECT value, NEW.sort, NEW.id
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE NEW.by = 1
	ON CONFLICT DO NOTHING;
	DELETE FROM standard_ics
	WHERE NEW.by = -1 AND sort = NEW.sort AND standard_id = NEW.id
		AND code IN (SELECT value FROM json_each(
			'["' || replace(NEW.ics, ' ', '","') || '"]'));
	INSERT INTO standard_count
	SELECT 'ics', substr(value, 1, 2), NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE instr(' ' || NEW.ics, ' ' || substr(value, 1, 2))
		= instr(' ' || NEW.ics || ' ', ' ' || value || ' ')
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ics', substr(value, 1, 6), NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE length(value) >= 6
		AND instr(' ' || NEW.ics, ' ' || substr(value, 1, 6))
		= instr(' ' || NEW.ics || ' ', ' ' || value || ' ')
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
	INSERT INTO standard_count
	SELECT 'ics', value, NEW.by
	FROM json_each('["' || replace(NEW.ics, ' ', '","') || '"]')
	WHERE length(value) = 9
	ON CONFLICT DO UPDATE SET n = n + excluded.n;
END;

-- The index is noted first: what relations say of the new standard changes its
-- words, and the index holds none of them yet.
CREATE TRIGGER standard_file_insert AFTER INSERT ON standard
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_search_change (standard_id, indexed)
	VALUES (NEW.id, 0) ON CONFLICT DO NOTHING;
	INSERT INTO standard_filed VALUES (1, NEW.id, NEW.sort, NEW.level,
		NEW.mandate, NEW.prefix, NEW.year, NEW.ics, NEW.ccs,
		NEW.issuer_id, NEW.committee_id);
	INSERT INTO standard_derive SELECT NEW.key
	WHERE EXISTS (SELECT 1 FROM relation WHERE to_key = NEW.key);
	INSERT INTO standard_adopt SELECT NEW.key
	WHERE EXISTS (SELECT 1 FROM relation WHERE from_key = NEW.key
		AND type = 'adopts');
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key = NEW.key AND succession > 0;
END;

CREATE TRIGGER standard_file_update AFTER UPDATE OF sort, level, mandate,
	prefix, year, ics, ccs, issuer_id, committee_id ON standard
WHEN (OLD.sort, OLD.level, OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id)
	IS NOT (NEW.sort, NEW.level, NEW.mandate, NEW.prefix, NEW.year,
		NEW.ics, NEW.ccs, NEW.issuer_id, NEW.committee_id)
	AND OLD.id > (SELECT after FROM standard_bulk) IS NOT 1
BEGIN
	INSERT INTO standard_filed VALUES (-1, OLD.id, OLD.sort, OLD.level,
		OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id);
	INSERT INTO standard_filed VALUES (1, NEW.id, NEW.sort, NEW.level,
		NEW.mandate, NEW.prefix, NEW.year, NEW.ics, NEW.ccs,
		NEW.issuer_id, NEW.committee_id);
END;

CREATE TRIGGER standard_file_delete BEFORE DELETE ON standard
BEGIN
	INSERT INTO standard_filed VALUES (-1, OLD.id, OLD.sort, OLD.level,
		OLD.mandate, OLD.prefix, OLD.year, OLD.ics, OLD.ccs,
		OLD.issuer_id, OLD.committee_id);
END;

CREATE TRIGGER standard_unfile BEFORE DELETE ON standard
WHEN OLD.id > (SELECT after FROM standard_bulk)
BEGIN
	SELECT raise(ABORT, 'an import deletes no row that it has just added');
END;
