-- SPDX-License-Identifier: ISC
--
-- 国际标准分类 with its counts; name is Chinese where there is any.
CREATE VIEW ics_shown AS
	SELECT k.code, k.parent, k.level, coalesce(k.title, k.title_en) AS name,
		k.title, k.title_en, k.title_source, k.note, k.source,
		coalesce(n.n, 0) AS standards
	FROM ics k LEFT JOIN standard_count n
		ON n.kind = 'ics' AND n.value = k.code;
