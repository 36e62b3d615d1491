-- SPDX-License-Identifier: ISC
--
-- A list with what its owner wants to see of it. An event counts once, however
-- many items it fits.
CREATE VIEW watch_list_shown AS
	SELECT l.id, l.account_id, l.name, l.note, l.token, l.created,
		(SELECT count(*) FROM watch_item WHERE list_id = l.id) AS items,
		(SELECT count(*) FROM watch_notice
			WHERE list_id = l.id AND read_at IS NULL) AS unread,
		(SELECT count(*) FROM watch_notice WHERE list_id = l.id)
			AS notices
	FROM watch_list l;
