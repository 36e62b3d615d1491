-- SPDX-License-Identifier: ISC
--
-- How far everything has come: what news_mark notes.
CREATE VIEW news_now AS
	SELECT coalesce((SELECT max(id) FROM article), 0) AS article,
		coalesce((SELECT max(id) FROM announcement), 0) AS announcement,
		coalesce((SELECT max(id) FROM standard), 0) AS standard,
		coalesce((SELECT max(id) FROM change_event), 0) AS event;
