-- SPDX-License-Identifier: ISC
--
-- What else a catalogue may tell of an edition.

ALTER TABLE standard ADD COLUMN content TEXT; -- what it lays down: 基础, 方法,
	-- 产品, 管理
ALTER TABLE standard ADD COLUMN first_issued TEXT; -- 首次发布, of the first
	-- edition under any number
ALTER TABLE standard ADD COLUMN proposer TEXT; -- 提出单位
ALTER TABLE standard ADD COLUMN executor TEXT; -- 执行单位
ALTER TABLE standard ADD COLUMN drafter_names TEXT; -- 起草人: persons, as the
	-- cover names them; NULL once one of them wants it
ALTER TABLE standard ADD COLUMN filed TEXT;    -- 备案日期
ALTER TABLE standard ADD COLUMN industry TEXT; -- of GB/T 4754: 'C 制造业'
ALTER TABLE standard ADD COLUMN price TEXT;    -- in the source's words: '49 元'
ALTER TABLE standard ADD COLUMN scope TEXT     -- 适用范围, one sentence of ours:
	CHECK (length(scope) <= 300);          -- the text is another's
ALTER TABLE standard ADD COLUMN fulltext_mode TEXT -- what fulltext_url gives
	CHECK (fulltext_mode IN ('可下载', '可预览', '不公开'));

DROP VIEW standard_shown;
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
