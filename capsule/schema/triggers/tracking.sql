-- SPDX-License-Identifier: ISC
--
-- INSERT INTO watch_look VALUES (id): look at an edition. What has changed since
-- the last look becomes events; an edition that is new and is followed becomes
-- one as well.
CREATE VIEW watch_look (standard_id) AS SELECT 0 WHERE 0;

CREATE TRIGGER watch_look_again INSTEAD OF INSERT ON watch_look
WHEN EXISTS (SELECT 1 FROM watch_edition WHERE standard_id = NEW.standard_id)
BEGIN
	INSERT INTO watch_event (standard_id, kind, other, day, created)
	SELECT standard_id, kind, other, day, unixepoch() FROM watch_change
	WHERE standard_id = NEW.standard_id;
	UPDATE watch_edition
	SET (status, successor, ahead, amendments, draft, dispute) =
		(SELECT status, successor, ahead, amendments, draft, dispute
		FROM watch_sight WHERE standard_id = NEW.standard_id)
	WHERE standard_id = NEW.standard_id
		AND (status, successor, ahead, amendments, draft, dispute) IS NOT
		(SELECT status, successor, ahead, amendments, draft, dispute
		FROM watch_sight WHERE standard_id = NEW.standard_id);
END;

-- Old editions that a catalogue brings late are no news, unless somebody has
-- asked for this very number. An edition is not new either while the classes
-- that it is followed by have not been looked through as far as it.
CREATE TRIGGER watch_look_first INSTEAD OF INSERT ON watch_look
WHEN NOT EXISTS (SELECT 1 FROM watch_edition
		WHERE standard_id = NEW.standard_id)
	AND EXISTS (SELECT 1 FROM standard
		WHERE id = NEW.standard_id AND stub = 0)
	AND EXISTS (SELECT 1 FROM watch_follow
		WHERE standard_id = NEW.standard_id)
BEGIN
	INSERT INTO watch_edition (standard_id, status, successor, ahead,
		amendments, draft, dispute)
	SELECT standard_id, status, successor, ahead, amendments, draft, dispute
	FROM watch_sight WHERE standard_id = NEW.standard_id;
	INSERT INTO watch_event (standard_id, kind, day, created)
	SELECT s.id, '新标准', coalesce(s.issued, r.day), unixepoch()
	FROM standard s CROSS JOIN watch_round r
	WHERE s.id = NEW.standard_id
		AND (coalesce(s.issued, r.day) >= date(r.day, '-1 year')
			OR EXISTS (SELECT 1 FROM watch_item
				WHERE kind = 'standard' AND value = s.key))
		AND EXISTS (SELECT 1 FROM watch_follow
			WHERE standard_id = s.id
				AND (filled IS NULL OR filled >= s.id))
	ON CONFLICT DO NOTHING;
END;

-- Whoever follows the edition is told.
CREATE TRIGGER watch_event_told AFTER INSERT ON watch_event
BEGIN
	INSERT INTO watch_notice (list_id, event_id)
	SELECT DISTINCT list_id, NEW.id FROM watch_follow
	WHERE standard_id = NEW.standard_id
	ON CONFLICT DO NOTHING;
END;

-- What is followed from now on is looked at now: what has changed before is no
-- news. A class may be large, and so may an upload, which says so by `filled`:
-- the next night notes their editions.
CREATE TRIGGER watch_item_edition AFTER INSERT ON watch_item
WHEN NEW.kind IN ('standard', 'family') AND NEW.filled IS NULL
BEGIN
	INSERT INTO watch_edition (standard_id, status, successor, ahead,
		amendments, draft, dispute)
	SELECT n.standard_id, n.status, n.successor, n.ahead, n.amendments,
		n.draft, n.dispute
	FROM standard s JOIN watch_sight n ON n.standard_id = s.id
	WHERE s.stub = 0 AND (NEW.kind = 'standard' AND s.key = NEW.value
		OR NEW.kind = 'family' AND s.family = NEW.value)
	ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER watch_item_class AFTER INSERT ON watch_item
WHEN NEW.kind IN ('ics', 'ccs', 'committee')
BEGIN
	UPDATE watch_item SET filled = 0 WHERE id = NEW.id;
END;
