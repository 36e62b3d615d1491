-- SPDX-License-Identifier: ISC
--
-- The derived columns of derived/standard_relations.sql.

-- INSERT INTO standard_derive VALUES (key): its relations have changed. An
-- import works that out once, at its end.
CREATE VIEW standard_derive (key) AS SELECT '' WHERE 0;

CREATE TRIGGER standard_derive_later INSTEAD OF INSERT ON standard_derive
WHEN EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_underived VALUES (NEW.key) ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER standard_derived INSTEAD OF INSERT ON standard_derive
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_derive_one
	SELECT key FROM standard_underlying WHERE of = NEW.key;
END;

-- The same for 采标; apart, because the search index wants to know of it.
CREATE VIEW standard_adopt (key) AS SELECT '' WHERE 0;

CREATE TRIGGER standard_adopts INSTEAD OF INSERT ON standard_adopt
BEGIN
	UPDATE standard SET adopted = EXISTS (SELECT 1 FROM relation
		WHERE from_key = NEW.key AND type = 'adopts')
	WHERE key = NEW.key;
END;

-- A new edition's relations are looked at by standard_file_insert.
CREATE TRIGGER standard_derive_update
AFTER UPDATE OF key, level, issued, implemented, abolished, stated, verified_at
ON standard
WHEN (OLD.key, OLD.level, OLD.issued, OLD.implemented, OLD.void,
		OLD.abolished)
	IS NOT (NEW.key, NEW.level, NEW.issued, NEW.implemented, NEW.void,
		NEW.abolished)
BEGIN
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key IN (OLD.key, NEW.key) AND succession > 0;
	INSERT INTO standard_derive SELECT NEW.key WHERE OLD.key <> NEW.key;
	INSERT INTO standard_adopt SELECT NEW.key WHERE OLD.key <> NEW.key;
END;

CREATE TRIGGER standard_derive_delete AFTER DELETE ON standard
BEGIN
	INSERT INTO standard_derive SELECT to_key FROM relation
	WHERE from_key = OLD.key AND succession > 0;
END;

CREATE TRIGGER relation_derive_insert AFTER INSERT ON relation
WHEN NEW.succession > 0
BEGIN
	INSERT INTO standard_derive VALUES (NEW.to_key);
END;

CREATE TRIGGER relation_adopt_insert AFTER INSERT ON relation
WHEN NEW.type = 'adopts'
BEGIN
	INSERT INTO standard_adopt VALUES (NEW.from_key);
END;

CREATE TRIGGER relation_derive_update AFTER UPDATE OF from_key, to_key, type,
	day ON relation
WHEN (OLD.from_key, OLD.to_key, OLD.type, OLD.day)
	IS NOT (NEW.from_key, NEW.to_key, NEW.type, NEW.day)
BEGIN
	INSERT INTO standard_derive VALUES (OLD.to_key), (NEW.to_key);
	INSERT INTO standard_adopt VALUES (OLD.from_key), (NEW.from_key);
END;

CREATE TRIGGER relation_derive_delete AFTER DELETE ON relation
WHEN OLD.succession > 0
BEGIN
	INSERT INTO standard_derive VALUES (OLD.to_key);
END;

CREATE TRIGGER relation_adopt_delete AFTER DELETE ON relation
WHEN OLD.type = 'adopts'
BEGIN
	INSERT INTO standard_adopt VALUES (OLD.from_key);
END;
