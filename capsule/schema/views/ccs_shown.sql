-- SPDX-License-Identifier: ISC
--
-- 中国标准文献分类 with its counts. A range (A00/09) is no class of a standard:
-- its classes are counted.
CREATE VIEW ccs_shown AS
	SELECT k.code, k.parent, k.level, k.title AS name, k.title_en, k.note,
		k.source, CASE k.level WHEN 2 THEN (SELECT coalesce(sum(n.n), 0)
			FROM standard_count n WHERE n.kind = 'ccs'
			AND n.value BETWEEN substr(k.code, 1, 3)
				AND substr(k.code, 1, 1) || substr(k.code, 5, 2))
			ELSE coalesce((SELECT n.n FROM standard_count n
				WHERE n.kind = 'ccs' AND n.value = k.code), 0)
			END AS standards
	FROM ccs k;
