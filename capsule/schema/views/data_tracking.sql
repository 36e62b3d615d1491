-- SPDX-License-Identifier: ISC
--
-- A reader's lists of 标准跟踪, as lines for that reader (data_line).
CREATE VIEW data_tracking (account_id, section, place, line) AS
	SELECT account_id, 20, id, format('%d, %s, %s, %s', id, name,
		coalesce(note, '-'), local_time(created))
	FROM watch_list
	UNION ALL
	SELECT l.account_id, 21, i.id, format('%d, %s, %s, %s, %s, %s', i.list_id,
		i.kind, i.value, i.label, coalesce(i.note, '-'),
		local_time(i.created))
	FROM watch_list l JOIN watch_item i ON i.list_id = l.id;
