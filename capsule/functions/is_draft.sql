-- is_draft(key)
--
-- 1 where the key is that of a draft of an international standard, ISO-CD-9001:
-- drafts are numbered apart and take no one's place. 0 otherwise.
SELECT instr(k, '-CD-') OR instr(k, '-DIS-') OR instr(k, '-FDIS-')
	OR instr(k, '-WD-') OR instr(k, '-NP-') OR instr(k, '-AWI-')
	OR instr(k, '-PWI-') OR instr(k, '-PRF-') OR instr(k, '-DTR-')
	OR instr(k, '-DTS-') OR instr(k, '-DPAS-') OR instr(k, '-DAM-')
	OR instr(k, '-FDAM-') OR instr(k, '-PDAM-') OR instr(k, '-CDAM-')
FROM (SELECT '-' || coalesce(:key, '') || '-' AS k LIMIT 1)
