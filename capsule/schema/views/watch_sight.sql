-- SPDX-License-Identifier: ISC
--
-- What is to be seen of each edition on the day of watch_round. `standard_id`
-- is the key: a statement asks for one edition. `at`: from which day the status
-- holds, as far as known.
CREATE VIEW watch_sight AS
	SELECT s.id AS standard_id, std_status(r.day, s.issued, s.effective,
			s.abolished, s.stated, s.verified_at, s.successor_issued,
			s.successor_effective, s.partly <= r.day,
			s.mandate_changed <= r.day) AS status,
		s.successor_key AS successor,
		CASE WHEN s.effective > r.day
				AND s.effective <= date(r.day, '+30 days')
			THEN s.effective
			WHEN s.ends > r.day
				AND s.ends <= date(r.day, '+30 days')
			THEN s.ends END AS ahead,
		(SELECT coalesce(group_concat(from_key, ' '), '') FROM (
			SELECT DISTINCT from_key FROM relation
			WHERE to_key = s.key AND type IN ('amends', 'corrects')
			ORDER BY from_key)) AS amendments,
		(SELECT d.key FROM standard d WHERE d.family = s.family
			AND d.key <> s.key AND d.stated IN ('制定中', '即将发布')
			ORDER BY d.year DESC, d.key LIMIT 1) AS draft,
		(SELECT max(id) FROM status_dispute
			WHERE key = s.key AND state = '通过') AS dispute,
		s.effective, s.successor_effective, s.ends, r.day
	FROM standard s CROSS JOIN watch_round r;
