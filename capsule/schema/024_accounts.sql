-- SPDX-License-Identifier: ISC
--
-- Editors are accounts with the role `editor`, so the table of their
-- fingerprints goes. An editor with two certificates has one account. A name
-- that cannot be that of an account gives way to one with the fingerprint.

CREATE TEMP TABLE former AS SELECT fingerprint, added,
	CASE WHEN name_fold(name) IS NULL
		THEN 'editor ' || substr(fingerprint, 1, 12) ELSE name END AS name
	FROM editor;

INSERT INTO account (name, folded, role, consent, consented, created, last_seen)
SELECT min(name), name_fold(name), 'editor', 'operator', min(added), min(added),
	min(added)
FROM former GROUP BY name_fold(name);

INSERT INTO account_certificate (account_id, fingerprint, label, state,
	first_seen, last_seen, changed)
SELECT a.id, f.fingerprint, '', 'active', f.added, f.added, f.added
FROM former f JOIN account a ON a.folded = name_fold(f.name);

INSERT INTO account_log (at, who, act, account_id, about)
SELECT created, 'operator', 'role', id, role FROM account WHERE role = 'editor';

DROP TABLE former;
DROP TABLE editor;
