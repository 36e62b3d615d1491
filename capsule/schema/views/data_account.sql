-- SPDX-License-Identifier: ISC
--
-- What the account itself stores, as lines for its reader (data_line).
CREATE VIEW data_account (account_id, section, place, line) AS
	SELECT id, 10, column1, CASE column1
		WHEN 1 THEN '名字: ' || name
		WHEN 2 THEN '职责: ' || coalesce(role, '-')
		WHEN 3 THEN '登记: ' || local_time(created)
		WHEN 4 THEN '同意: ' || consent || ' 版说明, '
			|| local_time(consented)
		ELSE '最近来访: ' || local_day(last_seen) END
	FROM account, (VALUES (1), (2), (3), (4), (5))
	UNION ALL
	SELECT account_id, 11, id, format('%s, %s, %s, %s, %s, %s', fingerprint,
		state, label, local_day(first_seen), local_day(last_seen),
		local_day(until))
	FROM account_certificate
	UNION ALL
	SELECT account_id, 12, id, format('%s, %s, %s, %s', local_time(at), who,
		act, about)
	FROM account_log
	UNION ALL
	SELECT account_id, 13, 1, format('%s, %s', local_time(since),
		local_time(seen))
	FROM news_mark;
