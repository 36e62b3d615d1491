-- SPDX-License-Identifier: ISC
--
-- An edition as pages want it. Its status on a day is
--   std_status(:day, issued, effective, abolished, stated, verified_at,
--     successor_issued, successor_effective, partly <= :day,
--     mandate_changed <= :day)
-- (as arguments, not as a column: a page may ask about any day).
CREATE VIEW standard_shown AS
	SELECT s.id, s.key, s.number, s.family, s.bare, s.digits, s.prefix,
		s.year, s.sort, s.level, s.mandate, s.name, s.title,
		s.title_en, s.title_orig, s.kind, s.edition, s.stated, s.stage,
		s.issued, s.implemented, s.abolished, s.confirmed,
		s.effective, s.ends, s.ics, s.ccs, s.issuer_id,
		i.name AS issuer, s.committee_id, c.name AS committee, s.owner,
		s.drafters, s.region, s.filing, s.plan, s.pages, s.language,
		s.fulltext_url, s.note, s.source, s.verified_at, s.stub,
		s.successor_key, n.number AS successor_number,
		s.successor_issued, s.successor_effective, s.partly,
		s.mandate_changed, s.adopted, p.title AS prefix_title,
		s.level || '标准' || coalesce('（' || s.mandate
			|| CASE s.mandate WHEN '指导' THEN '性技术文件）'
				ELSE '性）' END, '') AS nature,
		s.content, s.first_issued, s.proposer, s.executor,
		s.drafter_names, s.filed, s.industry, s.price, s.scope,
		s.fulltext_mode
	FROM standard s
	LEFT JOIN org i ON i.id = s.issuer_id
	LEFT JOIN org c ON c.id = s.committee_id
	LEFT JOIN standard n ON n.key = s.successor_key
	LEFT JOIN std_prefix p ON p.prefix = s.prefix;
