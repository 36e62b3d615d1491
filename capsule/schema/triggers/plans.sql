-- SPDX-License-Identifier: ISC
--
-- A plan's stage is that of its last step; nothing follows the end of a plan.
CREATE TRIGGER plan_step_insert BEFORE INSERT ON plan_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten')
		WHERE EXISTS (SELECT 1 FROM plan_step WHERE id = NEW.id);
	SELECT raise(ABORT, 'nothing follows the end of a plan')
		WHERE (SELECT stage FROM plan_step WHERE plan_id = NEW.plan_id
			ORDER BY id DESC LIMIT 1) IN ('废止', '终止');
END;

CREATE TRIGGER plan_step_update BEFORE UPDATE ON plan_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER plan_step_delete BEFORE DELETE ON plan_step
WHEN EXISTS (SELECT 1 FROM plan WHERE id = OLD.plan_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

CREATE TRIGGER plan_step_stage AFTER INSERT ON plan_step
BEGIN
	UPDATE plan SET stage = NEW.stage WHERE id = NEW.plan_id;
END;

CREATE TRIGGER plan_update BEFORE UPDATE OF stage ON plan
WHEN NEW.stage IS NOT (SELECT stage FROM plan_step WHERE plan_id = NEW.id
	ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'a stage is that of the last step');
END;

-- What readers are asked about stays as it is.
CREATE TRIGGER plan_draft_update BEFORE UPDATE ON plan_draft
WHEN OLD.state = '公布' AND (OLD.id, OLD.plan_id, OLD.version, OLD.about,
		OLD.opened, OLD.state) IS NOT (NEW.id, NEW.plan_id, NEW.version,
		NEW.about, NEW.opened, NEW.state)
BEGIN
	SELECT raise(ABORT, 'a published draft stays as it is');
END;

CREATE TRIGGER plan_draft_delete BEFORE DELETE ON plan_draft
WHEN OLD.state = '公布'
BEGIN
	SELECT raise(ABORT, 'a published draft stays as it is');
END;

CREATE TRIGGER draft_clause_insert BEFORE INSERT ON draft_clause
WHEN (SELECT state FROM plan_draft WHERE id = NEW.draft_id) = '公布'
	OR EXISTS (SELECT 1 FROM draft_clause WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a published draft stays as it is');
END;

CREATE TRIGGER draft_clause_update BEFORE UPDATE ON draft_clause
WHEN '公布' IN (SELECT state FROM plan_draft
	WHERE id IN (OLD.draft_id, NEW.draft_id))
BEGIN
	SELECT raise(ABORT, 'a published draft stays as it is');
END;

CREATE TRIGGER draft_clause_delete BEFORE DELETE ON draft_clause
WHEN (SELECT state FROM plan_draft WHERE id = OLD.draft_id) = '公布'
BEGIN
	SELECT raise(ABORT, 'a published draft stays as it is');
END;

-- Whoever tracks what a draft will replace is told that it is open for comment.
CREATE TRIGGER plan_draft_told AFTER UPDATE OF state ON plan_draft
WHEN NEW.state = '公布' AND OLD.state = '草稿'
BEGIN
	INSERT INTO watch_event (standard_id, kind, other, day, created)
	SELECT s.id, '征求意见', p.number, NEW.opened, unixepoch()
	FROM plan p JOIN plan_replaces r ON r.plan_id = p.id
	JOIN standard s ON s.key = r.key
	WHERE p.id = NEW.plan_id AND s.stub = 0 AND EXISTS (SELECT 1
		FROM watch_follow WHERE standard_id = s.id);
END;

-- What may follow what. A comment is handed in while its draft is open and the
-- plan has not ended.
CREATE TRIGGER comment_step_insert BEFORE INSERT ON comment_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten')
		WHERE EXISTS (SELECT 1 FROM comment_step WHERE id = NEW.id);
	SELECT raise(ABORT, 'a step that does not follow')
		WHERE coalesce((SELECT state FROM comment_step
			WHERE comment_id = NEW.comment_id
			ORDER BY id DESC LIMIT 1), '') || '>' || NEW.state
		NOT IN ('>草稿', '草稿>待处理', '待处理>撤回',
			'待处理>采纳', '待处理>部分采纳', '待处理>不采纳',
			'采纳>采纳', '采纳>部分采纳', '采纳>不采纳',
			'部分采纳>采纳', '部分采纳>部分采纳', '部分采纳>不采纳',
			'不采纳>采纳', '不采纳>部分采纳', '不采纳>不采纳');
	SELECT raise(ABORT, 'the draft is not open for comment')
		WHERE NEW.state = '待处理' AND NOT EXISTS (SELECT 1
			FROM draft_comment c JOIN draft_shown d ON d.id = c.draft_id
			WHERE c.id = NEW.comment_id AND NOT d.ended
			AND local_day(NEW.created) BETWEEN d.opened AND d.until);
	SELECT raise(ABORT, 'an answer says why')
		WHERE NEW.state IN ('采纳', '部分采纳', '不采纳')
			AND NEW.note IS NULL;
END;

CREATE TRIGGER comment_step_update BEFORE UPDATE ON comment_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER comment_step_delete BEFORE DELETE ON comment_step
WHEN EXISTS (SELECT 1 FROM draft_comment WHERE id = OLD.comment_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

CREATE TRIGGER comment_step_state AFTER INSERT ON comment_step
BEGIN
	UPDATE draft_comment SET state = NEW.state WHERE id = NEW.comment_id;
END;

-- What was handed in stays as it was; only whose it is may be forgotten.
CREATE TRIGGER draft_comment_update BEFORE UPDATE ON draft_comment
WHEN (OLD.id, OLD.number, OLD.draft_id, OLD.clause_id, OLD.created)
	IS NOT (NEW.id, NEW.number, NEW.draft_id, NEW.clause_id, NEW.created)
	OR (OLD.state <> '草稿' AND (OLD.kind, OLD.body, OLD.proposal)
		IS NOT (NEW.kind, NEW.body, NEW.proposal))
	OR (OLD.state <> '草稿' AND NEW.signed IS NOT OLD.signed
		AND NEW.signed IS NOT NULL)
	OR (NEW.account_id IS NOT OLD.account_id AND NEW.account_id IS NOT NULL)
	OR NEW.state IS NOT (SELECT state FROM comment_step
		WHERE comment_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'a comment is not rewritten');
END;

-- The clause is of the draft.
CREATE TRIGGER draft_comment_insert BEFORE INSERT ON draft_comment
WHEN EXISTS (SELECT 1 FROM draft_comment WHERE id = NEW.id)
	OR NOT EXISTS (SELECT 1 FROM draft_clause
		WHERE id = NEW.clause_id AND draft_id = NEW.draft_id)
BEGIN
	SELECT raise(ABORT, 'a comment is about a clause of its draft');
END;
