-- SPDX-License-Identifier: ISC
--
-- How an edition that is followed differs from what was seen of it last: the
-- events that this makes. `standard_id` is the key: a statement asks for one.
-- That a new edition is out is told by the second part, not as a status.
CREATE VIEW watch_change (standard_id, kind, other, day) AS
	SELECT standard_id,
		CASE WHEN status IN ('被代替', '废止') THEN status
			WHEN begins THEN '现行' ELSE '状态变化' END,
		CASE WHEN status = '被代替' THEN coalesce(successor, '')
			WHEN status = '废止' OR begins THEN ''
			ELSE coalesce(was_status, '未知') || '→' || status END,
		coalesce(CASE WHEN status = '被代替' THEN successor_effective
			WHEN status = '废止' THEN ends
			WHEN begins THEN effective END, day)
	FROM watch_pair
	WHERE status IS NOT was_status
		AND NOT (status = '现行(将被代替)' AND was_status = '现行')
	UNION ALL
	SELECT standard_id, '新版发布', successor,
		coalesce(successor_effective, day)
	FROM watch_pair
	WHERE successor IS NOT was_successor AND successor IS NOT NULL
		AND status IS NOT '被代替'
	UNION ALL
	SELECT standard_id, iif(ahead IS effective, '即将实施', '即将失效'), '',
		ahead
	FROM watch_pair WHERE ahead IS NOT was_ahead AND ahead IS NOT NULL
		AND moved IS NULL
	UNION ALL
	SELECT standard_id, '状态变化', was_ahead || '→' || moved, day
	FROM watch_pair WHERE moved IS NOT NULL
	UNION ALL
	SELECT DISTINCT p.standard_id, '修改单', r.from_key, p.day
	FROM watch_pair p JOIN standard s ON s.id = p.standard_id
	JOIN relation r ON r.to_key = s.key AND r.type IN ('amends', 'corrects')
	WHERE p.amendments <> p.was_amendments AND instr(' '
		|| p.was_amendments || ' ', ' ' || r.from_key || ' ') = 0
	UNION ALL
	SELECT standard_id, '征求意见', draft, day
	FROM watch_pair WHERE draft IS NOT was_draft AND draft IS NOT NULL
	UNION ALL
	SELECT standard_id, '状态异议', CAST(dispute AS TEXT), day
	FROM watch_pair WHERE dispute > coalesce(was_dispute, 0);
