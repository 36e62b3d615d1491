-- An editor, who answers. Readers come by themselves.
INSERT INTO account (id, name, folded, role, consent, consented, created,
	last_seen)
VALUES (1, '王编辑', '王编辑', 'editor', '2026-12-01', 1795000000, 1795000000,
	1795400000);
INSERT INTO account_certificate (account_id, fingerprint, label, until, state,
	first_seen, last_seen, changed, reason)
VALUES (1, replace(hex(zeroblob(32)), '00', 'e1'), '', NULL, 'active',
	1795000000, 1795400000, 1795000000, NULL);
