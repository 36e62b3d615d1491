INSERT INTO account (id, name, folded, role, consent, consented, created,
	last_seen)
VALUES (1, '王编辑', '王编辑', 'editor', 'test', 1795000000, 1795000000,
	1795000000);
INSERT INTO account_certificate (account_id, fingerprint, label, state,
	first_seen, last_seen, changed)
VALUES (1, 'e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1',
	'', 'active', 1795000000, 1795000000, 1795000000);
