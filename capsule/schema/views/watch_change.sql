-- SPDX-License-Identifier: ISC
--
-- How an edition that is followed differs from what was seen of it last: the
-- events that this makes. `standard_id` is the key: a statement asks for one.
CREATE VIEW watch_change (standard_id, kind, other, day) AS
	SELECT w.standard_id,
		CASE WHEN n.status IN ('被代替', '废止') THEN n.status
			WHEN n.status LIKE '现行%' AND w.status = '即将实施'
			THEN '现行' ELSE '状态变化' END,
		CASE WHEN n.status = '被代替' THEN coalesce(n.successor, '')
			WHEN n.status = '废止' THEN ''
			WHEN n.status LIKE '现行%' AND w.status = '即将实施'
			THEN '' ELSE coalesce(w.status, '未知') || '→' || n.status END,
		coalesce(CASE n.status WHEN '被代替'
				THEN n.successor_effective
			WHEN '废止' THEN n.ends
			WHEN '现行' THEN iif(w.status = '即将实施',
				n.effective, n.day) END, n.day)
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.status IS NOT w.status
		-- That a new edition is out is told by the next one.
		AND NOT (n.status = '现行(将被代替)' AND w.status = '现行')
	UNION ALL
	SELECT w.standard_id, '新版发布', n.successor,
		coalesce(n.successor_effective, n.day)
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.successor IS NOT w.successor AND n.successor IS NOT NULL
		AND n.status IS NOT '被代替'
	UNION ALL
	SELECT w.standard_id, iif(n.ahead IS n.effective, '即将实施', '即将失效'),
		'', n.ahead
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.ahead IS NOT w.ahead AND n.ahead IS NOT NULL
	UNION ALL
	SELECT w.standard_id, '修改单', n.amendment, n.day
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.amendments > w.amendments
	UNION ALL
	SELECT w.standard_id, '征求意见', n.draft, n.day
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.draft IS NOT w.draft AND n.draft IS NOT NULL
	UNION ALL
	SELECT w.standard_id, '状态异议', CAST(n.dispute AS TEXT), n.day
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id
	WHERE n.dispute > coalesce(w.dispute, 0);
