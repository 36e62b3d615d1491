-- is_draft(key)
--
-- 1 where the key is that of a draft of an international standard, ISO-CD-9001:
-- drafts are numbered apart and take no one's place. 0 otherwise.
SELECT EXISTS (SELECT 1 FROM (VALUES ('CD'), ('DIS'), ('FDIS'), ('WD'), ('NP'),
    ('AWI'), ('PWI'), ('PRF'), ('DTR'), ('DTS'), ('DPAS'), ('DAM'), ('FDAM'),
    ('PDAM'), ('CDAM'))
    WHERE instr('-' || :key || '-', '-' || column1 || '-'))
