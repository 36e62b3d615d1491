-- SPDX-License-Identifier: ISC
--
-- Who really takes the place of whom; and what sources call the status of a
-- standard. This takes the place of what has the same names in
-- 006_standard_state.sql and 010_bulk.sql.

-- An edition that was withdrawn before it came into force has never been in
-- force, so it has replaced nothing. 1: it is such a one; 2: perhaps, as one
-- of its dates is a month or a year only.
ALTER TABLE standard ADD COLUMN void INTEGER GENERATED ALWAYS AS (CASE
	WHEN stated = '项目终止' THEN 1
	WHEN effective IS NULL THEN 0
	WHEN abolished IS NULL THEN stated IS '废止' AND coalesce(
		substr(verified_at, 1, length(effective))
		< substr(effective, 1, length(verified_at)), 0)
	WHEN substr(abolished, 1, length(effective))
		< substr(effective, 1, length(abolished)) THEN 1
	WHEN min(length(abolished), length(effective)) < 10
		AND substr(abolished, 1, length(effective))
		= substr(effective, 1, length(abolished)) THEN 2
	ELSE 0 END) VIRTUAL;

-- Few are: what looks for them asks first whether there is one.
CREATE INDEX standard_void ON standard (id) WHERE void = 1;

-- What a standard's relations say about it now. SQLite looks up one standard
-- here by its key only where the view stands alone in its FROM, without an
-- aggregate: a statement for each row of another table asks in a subquery with
-- a LIMIT.
--
-- One that was withdrawn too early is left out; what replaces that one stands
-- in its place, up to two of them in a row. Whether and when one that perhaps
-- was replaces it is not known: that it is out is.
DROP VIEW standard_fault;
DROP VIEW standard_succession;
CREATE VIEW standard_succession AS
	SELECT r.to_key, r.type, r.succession, r.from_key, r.from_number,
		iif(n.void = 2, coalesce(n.issued, n.abolished), n.issued)
			AS issued,
		iif(n.void = 2, NULL, coalesce(r.day, n.effective)) AS effective
	FROM relation r LEFT JOIN standard n ON n.key = r.from_key
	WHERE r.succession > 0 AND n.void IS NOT 1
	UNION ALL
	SELECT r.to_key, r.type, r.succession, a.from_key, a.from_number,
		iif(n.void = 2, coalesce(n.issued, n.abolished), n.issued),
		iif(n.void = 2, NULL, coalesce(a.day, n.effective))
	FROM relation r CROSS JOIN standard v ON v.key = r.from_key
	CROSS JOIN relation a ON a.to_key = v.key
	LEFT JOIN standard n ON n.key = a.from_key
	WHERE EXISTS (SELECT 1 FROM standard WHERE void = 1)
		AND r.succession > 0 AND v.void = 1
		AND a.succession = 2 AND n.void IS NOT 1 AND a.from_key <> r.to_key
	UNION ALL
	SELECT r.to_key, r.type, r.succession, b.from_key, b.from_number,
		iif(n.void = 2, coalesce(n.issued, n.abolished), n.issued),
		iif(n.void = 2, NULL, coalesce(b.day, n.effective))
	FROM relation r CROSS JOIN standard v ON v.key = r.from_key
	CROSS JOIN relation a ON a.to_key = v.key
	CROSS JOIN standard w ON w.key = a.from_key
	CROSS JOIN relation b ON b.to_key = w.key
	LEFT JOIN standard n ON n.key = b.from_key
	WHERE EXISTS (SELECT 1 FROM standard WHERE void = 1)
		AND r.succession > 0 AND v.void = 1
		AND a.succession = 2 AND w.void = 1 AND b.succession = 2 AND n.void IS NOT 1
		AND b.from_key <> r.to_key;

-- What is known of `of` says something about these: itself, and what it would
-- replace, were it not withdrawn too early.
CREATE VIEW standard_underlying (of, key) AS
	SELECT key, key FROM standard
	UNION ALL
	SELECT v.key, r.to_key FROM standard v
	CROSS JOIN relation r ON r.from_key = v.key
	WHERE EXISTS (SELECT 1 FROM standard WHERE void = 1)
		AND v.void = 1 AND r.succession > 0
	UNION ALL
	SELECT v.key, s.to_key FROM standard v
	CROSS JOIN relation r ON r.from_key = v.key
	CROSS JOIN standard w ON w.key = r.to_key
	CROSS JOIN relation s ON s.from_key = w.key
	WHERE EXISTS (SELECT 1 FROM standard WHERE void = 1)
		AND v.void = 1 AND r.succession = 2 AND w.void = 1
		AND s.succession > 0;

-- INSERT INTO standard_derive_one VALUES (key): for that one alone.
CREATE VIEW standard_derive_one (key) AS SELECT '' WHERE 0;

CREATE TRIGGER standard_derived_one INSTEAD OF INSERT ON standard_derive_one
BEGIN
	UPDATE standard SET (successor_key, successor_issued,
			successor_effective) =
		(SELECT from_key, issued, effective
		FROM standard_succession u
		WHERE u.to_key = NEW.key AND u.succession = 2
		ORDER BY effective IS NULL, effective, issued IS NULL, issued,
			from_key LIMIT 1),
		partly = CASE WHEN EXISTS (SELECT 1 FROM relation
			WHERE to_key = NEW.key AND type = 'partly')
		THEN (SELECT min(coalesce(effective, ''))
			FROM standard_succession u
			WHERE u.to_key = NEW.key AND u.type = 'partly') END,
		mandate_changed = CASE WHEN EXISTS (SELECT 1 FROM relation
			WHERE to_key = NEW.key AND type = 'mandate')
		THEN (SELECT min(coalesce(effective, ''))
			FROM standard_succession u
			WHERE u.to_key = NEW.key AND u.type = 'mandate') END
	WHERE key = NEW.key;
END;

DROP TRIGGER standard_derived;
CREATE TRIGGER standard_derived INSTEAD OF INSERT ON standard_derive
WHEN NOT EXISTS (SELECT 1 FROM standard_bulk)
BEGIN
	INSERT INTO standard_derive_one
	SELECT key FROM standard_underlying WHERE of = NEW.key;
END;

DROP TRIGGER standard_derive_update;
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

CREATE VIEW standard_fault AS
	SELECT s.key, 'successor' AS fault FROM standard s
	WHERE s.successor_key IS NOT (SELECT from_key
		FROM (SELECT from_key, issued, effective
			FROM standard_succession WHERE to_key = s.key
			AND succession = 2 LIMIT 1000)
		ORDER BY effective IS NULL, effective, issued IS NULL, issued,
			from_key LIMIT 1)
	UNION ALL
	SELECT s.key, 'partly' FROM standard s
	WHERE s.partly IS NOT (SELECT min(coalesce(effective, ''))
		FROM (SELECT effective FROM standard_succession
			WHERE to_key = s.key AND type = 'partly' LIMIT 1000))
	UNION ALL
	SELECT s.key, 'adopted' FROM standard s
	WHERE s.adopted <> EXISTS (SELECT 1 FROM relation r
		WHERE r.from_key = s.key AND r.type = 'adopts')
	UNION ALL
	SELECT 'level ' || c.value, 'count' FROM standard_count c
	WHERE c.kind = 'level' AND c.n <> (SELECT count(*) FROM standard s
		WHERE s.level = c.value)
	UNION ALL
	SELECT 'ics ' || c.value, 'count' FROM standard_count c
	WHERE c.kind = 'ics' AND c.n <> (SELECT count(DISTINCT standard_id)
		FROM standard_ics k WHERE k.code = c.value
		OR (k.code > c.value || '.' AND k.code < c.value || '/'));

-- Relations from the point of view of one standard, as before; one of an
-- edition that was withdrawn too early says so, and has no day.
DROP VIEW relation_shown;
CREATE VIEW relation_shown AS
	SELECT r.to_key AS key, 'in' AS direction, r.type,
		r.from_key AS other_key, coalesce(o.number, r.from_number)
			AS other_number,
		o.name AS other_name, o.id IS NOT NULL AS present, r.degree,
		iif(o.void = 1 AND r.succession > 0, NULL,
			coalesce(r.day, o.effective)) AS day,
		r.note, r.source, r.verified_at,
		CASE r.type WHEN 'replaces' THEN '被代替'
			WHEN 'partly' THEN '部分被代替'
			WHEN 'merges' THEN '并入'
			WHEN 'splits' THEN '拆分为'
			WHEN 'renumbered' THEN '转号为'
			WHEN 'mandate' THEN '转为推荐性'
			WHEN 'adopts' THEN '被采用'
			WHEN 'amends' THEN '修改单'
			WHEN 'corrects' THEN '勘误'
			ELSE '被引用' END
			|| iif(o.void = 1 AND r.succession > 0,
				'（新版未实施即废止，没有生效）', '') AS word
	FROM relation r LEFT JOIN standard o ON o.key = r.from_key
	UNION ALL
	SELECT r.from_key, 'out', r.type, r.to_key,
		coalesce(o.number, r.to_number), o.name, o.id IS NOT NULL,
		r.degree, iif(s.void = 1 AND r.succession > 0, NULL,
			coalesce(r.day, s.effective)), r.note, r.source,
		r.verified_at,
		CASE r.type WHEN 'replaces' THEN '代替'
			WHEN 'partly' THEN '部分代替'
			WHEN 'merges' THEN '合并自'
			WHEN 'splits' THEN '拆分自'
			WHEN 'renumbered' THEN '转号自'
			WHEN 'mandate' THEN '转自强制性'
			WHEN 'adopts' THEN '采用'
			WHEN 'amends' THEN '修改'
			WHEN 'corrects' THEN '勘正'
			ELSE '引用' END
			|| iif(s.void = 1 AND r.succession > 0,
				'（未实施即废止，没有生效）', '')
	FROM relation r LEFT JOIN standard o ON o.key = r.to_key
	LEFT JOIN standard s ON s.key = r.from_key;

-- What earlier imports have taken for a replacement.
INSERT INTO standard_derive
SELECT r.to_key FROM standard v JOIN relation r ON r.from_key = v.key
WHERE v.void > 0 AND r.succession > 0;

-- What sources call a status, and what it is here. 即将废止 is still in force;
-- the day of its end is another column.
CREATE TABLE stated_word (
	word TEXT PRIMARY KEY,
	stated TEXT NOT NULL -- as in `standard`
) STRICT, WITHOUT ROWID;
INSERT INTO stated_word VALUES
	('现行', '现行'), ('有效', '现行'), ('现行有效', '现行'),
	('继续有效', '现行'), ('确认有效', '现行'), ('已实施', '现行'),
	('暂行', '现行'), ('即将废止', '现行'), ('将废止', '现行'),
	('即将作废', '现行'), ('将被代替', '现行'), ('即将被代替', '现行'),
	('修订中', '现行'), ('即将实施', '即将实施'), ('未实施', '即将实施'),
	('尚未实施', '即将实施'), ('待实施', '即将实施'),
	('已发布未实施', '即将实施'), ('被代替', '被代替'),
	('被替代', '被代替'), ('被取代', '被代替'), ('已被代替', '被代替'),
	('已被替代', '被代替'), ('已被取代', '被代替'), ('已代替', '被代替'),
	('已替代', '被代替'), ('有更新版', '被代替'), ('废止', '废止'),
	('已废止', '废止'), ('作废', '废止'), ('已作废', '废止'),
	('失效', '废止'), ('已失效', '废止'), ('撤销', '废止'),
	('已撤销', '废止'), ('制定中', '制定中'), ('即将发布', '即将发布'),
	('项目终止', '项目终止');
