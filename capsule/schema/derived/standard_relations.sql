-- SPDX-License-Identifier: ISC
--
-- What its relations say about a standard now: the columns of `standard` that
-- are derived, and the views that work them out.

-- Who takes the place of whom. SQLite looks up one standard here by its key
-- only where the view stands alone in its FROM, without an aggregate: a
-- statement for each row of another table asks in a subquery with a LIMIT.
--
-- An edition that was withdrawn before it came into force is left out; what
-- replaces that one stands in its place, up to two of them in a row. Whether
-- and when one that perhaps was replaces it is not known: that it is out is.
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

-- INSERT INTO standard_derive_one VALUES (key): work that one out again. Of
-- several successors the first in force counts; one with no date comes last,
-- and an absent one has none.
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

INSERT INTO standard_derive_one
SELECT key FROM standard s
WHERE successor_key IS NOT NULL OR partly IS NOT NULL
	OR mandate_changed IS NOT NULL OR successor_issued IS NOT NULL
	OR successor_effective IS NOT NULL
	OR EXISTS (SELECT 1 FROM relation
		WHERE to_key = s.key AND succession > 0);

UPDATE standard SET adopted = 1 - adopted
WHERE adopted <> EXISTS (SELECT 1 FROM relation
	WHERE from_key = standard.key AND type = 'adopts');

-- Standards whose relations have changed since an import began.
CREATE TABLE standard_underived (
	key TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
