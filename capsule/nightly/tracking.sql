-- SPDX-License-Identifier: ISC
--
-- 标准跟踪: what lists follow is compared with what was seen of it before, 300
-- editions per portion, since writers wait meanwhile. /* in portions */
UPDATE watch_round SET day = local_day(unixepoch()),
	night = local_day(unixepoch()), position = 0
WHERE night <> local_day(unixepoch());

-- The editions of a class that somebody has begun to follow.
INSERT INTO watch_edition (standard_id, status, successor, ahead, amendments,
	draft, dispute)
SELECT n.standard_id, n.status, n.successor, n.ahead, n.amendments, n.draft,
	n.dispute
FROM watch_class_next c JOIN watch_sight n ON n.standard_id = c.standard_id
WHERE true ON CONFLICT DO NOTHING;
UPDATE watch_item SET filled = w.upto FROM watch_class_window w
WHERE watch_item.id = w.item_id;

-- The editions of the numbers of a large upload.
INSERT INTO watch_edition (standard_id, status, successor, ahead, amendments,
	draft, dispute)
SELECT n.standard_id, n.status, n.successor, n.ahead, n.amendments, n.draft,
	n.dispute
FROM watch_upload_next u JOIN standard s ON s.stub = 0
	AND (u.kind = 'standard' AND s.key = u.value
		OR u.kind = 'family' AND s.family = u.value)
JOIN watch_sight n ON n.standard_id = s.id
WHERE true ON CONFLICT DO NOTHING;
UPDATE watch_item SET filled = NULL
WHERE id IN (SELECT id FROM watch_upload_next);

-- What nobody follows any more is forgotten.
DELETE FROM watch_edition WHERE standard_id IN (
		SELECT standard_id FROM watch_edition
		WHERE standard_id > (SELECT position FROM watch_round)
		ORDER BY standard_id LIMIT 300)
	AND NOT EXISTS (SELECT 1 FROM watch_follow
		WHERE standard_id = watch_edition.standard_id);

INSERT INTO watch_look (standard_id)
SELECT standard_id FROM watch_edition
WHERE standard_id > (SELECT position FROM watch_round)
ORDER BY standard_id LIMIT 300;

UPDATE watch_round SET position = (SELECT max(standard_id) FROM (
	SELECT standard_id FROM watch_edition
	WHERE standard_id > (SELECT position FROM watch_round)
	ORDER BY standard_id LIMIT 300))
WHERE EXISTS (SELECT 1 FROM watch_edition
	WHERE standard_id > (SELECT position FROM watch_round));

-- What was told is kept for two years.
DELETE FROM watch_event WHERE id IN (SELECT id FROM watch_event
	WHERE created < unixepoch() - 2 * 366 * 86400 ORDER BY id LIMIT 1000);
