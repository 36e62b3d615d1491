-- SPDX-License-Identifier: ISC
--
-- Each edition that is followed: what was seen of it last (was_...), and what
-- is to be seen of it now. `standard_id` is the key: a statement asks for one.
-- `moved`: to which day a day has moved that was announced and has not come.
CREATE VIEW watch_pair AS
	SELECT w.standard_id, w.status AS was_status,
		w.successor AS was_successor, w.ahead AS was_ahead,
		w.amendments AS was_amendments, w.draft AS was_draft,
		w.dispute AS was_dispute, n.status, n.successor, n.ahead,
		n.amendments, n.draft, n.dispute, n.effective,
		n.successor_effective, n.ends, n.day,
		n.status LIKE '现行%' AND w.status = '即将实施' AS begins,
		CASE WHEN w.ahead > n.day AND n.status IS w.status
			AND w.ahead IS NOT iif(n.status = '即将实施',
				n.effective, n.ends)
			THEN coalesce(iif(n.status = '即将实施', n.effective,
				n.ends), '未定') END AS moved
	FROM watch_edition w
	JOIN watch_sight n ON n.standard_id = w.standard_id;
