-- SPDX-License-Identifier: ISC
--
-- An event in words. `said`: what has happened to the standard, without its
-- number. `seen`: the day on which it was seen.
CREATE VIEW watch_event_shown AS
	SELECT e.id, e.standard_id, s.key, s.number, s.name, e.kind, e.other,
		e.day, e.created, local_day(e.created) AS seen,
		CASE e.kind
		WHEN '新标准' THEN '新标准' || coalesce('，' || s.effective
			|| ' 实施', '')
		WHEN '新版发布' THEN '出现新版 ' || coalesce(o.number, e.other)
			|| coalesce('，' || o.effective || ' 实施', '')
		WHEN '即将实施' THEN e.day || ' 起实施'
		WHEN '即将失效' THEN e.day || ' 起失效'
		WHEN '现行' THEN e.day || ' 起现行'
		WHEN '被代替' THEN e.day || ' 起被 '
			|| coalesce(o.number, nullif(e.other, ''), '新版')
			|| ' 代替'
		WHEN '废止' THEN e.day || ' 起废止'
		WHEN '修改单' THEN '有新的修改单或勘误 '
			|| coalesce(o.number, e.other)
		WHEN '征求意见' THEN iif(p.id IS NULL, '修订草案 '
			|| coalesce(o.number, e.other),
			'修订草案公开征求意见，计划 ' || p.number)
		WHEN '状态异议' THEN '对状态的异议成立'
		ELSE iif(e.other GLOB '[0-9]*', '日期变化：', '状态变化：')
			|| e.other END AS said
	FROM watch_event e JOIN standard s ON s.id = e.standard_id
	LEFT JOIN standard o ON o.key = e.other
	LEFT JOIN plan p ON e.kind = '征求意见' AND p.number = e.other;
