-- SPDX-License-Identifier: ISC
--
-- Relations from the point of view of one standard, `key`: word says what the
-- other one is to it. Both tables' indexes serve key = ?, key and type = ?.
-- `present`: the catalogue holds the other. One of an edition that was withdrawn
-- too early says so, and has no day.
CREATE VIEW relation_shown AS
	SELECT r.to_key AS key, 'in' AS direction, r.type,
		r.from_key AS other_key,
		coalesce(o.number, r.from_number) AS other_number,
		o.name AS other_name, o.id IS NOT NULL AS present, r.degree,
		iif(o.void = 1 AND r.succession > 0, NULL,
			coalesce(r.day, o.effective)) AS day,
		r.note, r.source, r.verified_at,
		CASE r.type WHEN 'replaces' THEN '被代替'
			WHEN 'partly' THEN '部分被代替'
			WHEN 'merges' THEN '并入'
			WHEN 'splits' THEN '拆分为'
			WHEN 'renumbered' THEN '转号为'
			WHEN 'mandate' THEN '转为推荐性'
			WHEN 'adopts' THEN '被采用'
			WHEN 'amends' THEN '修改单' WHEN 'corrects' THEN '勘误'
			ELSE '被引用' END
			|| iif(o.void = 1 AND r.succession > 0,
				'（新版未实施即废止，没有生效）', '') AS word
	FROM relation r LEFT JOIN standard o ON o.key = r.from_key
	UNION ALL
	SELECT r.from_key, 'out', r.type, r.to_key,
		coalesce(o.number, r.to_number), o.name, o.id IS NOT NULL,
		r.degree, iif(s.void = 1 AND r.succession > 0, NULL,
			coalesce(r.day, s.effective)), r.note, r.source,
		r.verified_at,
		CASE r.type WHEN 'replaces' THEN '代替'
			WHEN 'partly' THEN '部分代替'
			WHEN 'merges' THEN '合并自'
			WHEN 'splits' THEN '拆分自'
			WHEN 'renumbered' THEN '转号自'
			WHEN 'mandate' THEN '转自强制性'
			WHEN 'adopts' THEN '采用'
			WHEN 'amends' THEN '修改' WHEN 'corrects' THEN '勘正'
			ELSE '引用' END
			|| iif(s.void = 1 AND r.succession > 0,
				'（未实施即废止，没有生效）', '')
	FROM relation r LEFT JOIN standard o ON o.key = r.to_key
	LEFT JOIN standard s ON s.key = r.from_key;
