-- SPDX-License-Identifier: ISC
--
-- An import brings many standards at once. What the triggers of
-- 006_standard_state.sql would do for each of them, import/end.sql does for
-- all together: between import/begin.sql and that, standard_bulk has a row,
-- and new standards are those behind `after`, as ids only grow.
--
-- This takes the place of the triggers of the same names there.

DROP TRIGGER standard_file_later;
DROP TRIGGER standard_unfile;
DROP TRIGGER standard_file_insert;
DROP TRIGGER standard_file_update;
DROP TRIGGER standard_derived;
DROP TRIGGER standard_derive_insert;
DROP TRIGGER standard_search_insert;
DROP TRIGGER standard_search_update;
DROP TABLE standard_unfiled;
DROP TABLE standard_bulk;

CREATE TABLE standard_bulk (
	batch_id INTEGER PRIMARY KEY,
	after INTEGER NOT NULL -- the highest id before the import
) STRICT;

-- Standards whose relations have changed since.
CREATE TABLE standard_underived (
	key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The import's new standards.
CREATE VIEW standard_new AS
	SELECT s.id, s.key, s.number, s.title, s.title_en, s.title_orig,
		s.marks, s.sort, s.level, s.mandate, s.prefix, s.year, s.ics,
		s.ccs, s.issuer_id, s.committee_id, s.adopted
	FROM standard_bulk b CROSS JOIN standard s ON s.id > b.after;

CREATE TRIGGER standard_unfile BEFORE DELETE ON standard
WHEN OLD.id > (SELECT after FROM standard_bulk)
BEGIN
	SELECT raise(ABORT, 'an import deletes no row that it has just added');
END;

CREATE TRIGGER standard_file_insert AFTER INSERT ON standard
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
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
	INSERT INTO standard_search_change (standard_id, indexed)
	VALUES (NEW.id, 0) ON CONFLICT DO NOTHING;
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

-- Which standards an import is to derive again, and what is done for one.
CREATE TRIGGER standard_derive_later INSTEAD OF INSERT ON standard_derive
WHEN EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_underived VALUES (NEW.key) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER standard_derived INSTEAD OF INSERT ON standard_derive
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	UPDATE standard SET (successor_key, successor_issued,
			successor_effective) =
		(SELECT from_key, issued, effective
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.succession = 2
		ORDER BY effective IS NULL, effective, issued IS NULL, issued,
			from_key LIMIT 1),
		partly = (SELECT min(coalesce(effective, ''))
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.type = 'partly'),
		mandate_changed = (SELECT min(coalesce(effective, ''))
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.type = 'mandate')
	WHERE key = NEW.key;
END;
