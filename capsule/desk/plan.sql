%# SPDX-License-Identifier: ISC
%#
%# Plans for standards (制修订计划) and their drafts; `guiju import plan` and
%# `guiju import draft` bring them in.
% read list [stage]: plans that are not done; or those at a STAGE
% if :stage IS NOT NULL AND :stage NOT IN ('预阶段', '立项', '起草', '征求意见',
%     '审查', '批准', '出版', '复审', '废止', '终止')
% fail refused no stage {stage}: it is 预阶段, 立项, 起草, 征求意见, 审查, 批准, 出版, 复审, 废止 or 终止
% end
% table SELECT number, title, level, action, stage, due,
%      CASE WHEN due < :today AND stage NOT IN ('出版', '复审', '废止', '终止')
%          THEN '超期' ELSE '' END AS late FROM plan
%      WHERE CASE WHEN :stage IS NULL THEN stage NOT IN ('出版', '复审', '废止',
%          '终止') ELSE stage = :stage END ORDER BY id LIMIT 1000 /* scan */

% read show number: a plan with its stages and drafts
% include _plan.sql
% record SELECT number, title, level, action, stage, approved, due, proposer,
%      committee, drafters, about, result_key AS result
%      FROM plan WHERE id = :plan_id
% table SELECT iif(dated, day, '') AS day, stage, note FROM plan_step
%      WHERE plan_id = :plan_id ORDER BY id
% table SELECT version, state, opened, until, (SELECT count(*)
%      FROM draft_clause WHERE draft_id = d.id) AS clauses, (SELECT count(*)
%      FROM draft_comment WHERE draft_id = d.id AND state NOT IN ('草稿', '撤回'))
%      AS comments FROM plan_draft d WHERE plan_id = :plan_id ORDER BY version

% write set number stage note: the stage that begins today; everybody reads the NOTE
% include _plan.sql
% one SELECT text_clean(:note) AS said
% if :stage NOT IN ('预阶段', '立项', '起草', '征求意见', '审查', '批准', '出版',
%     '复审', '废止', '终止')
% fail refused no stage {stage}: it is 预阶段, 立项, 起草, 征求意见, 审查, 批准, 出版, 复审, 废止 or 终止
% elif :stage_now IN ('废止', '终止') AND EXISTS (SELECT 1 FROM plan_step
%     WHERE plan_id = :plan_id)
% fail refused {found} has ended: {stage_now}
% elif length(:said) NOT BETWEEN 2 AND 500
% fail refused a note has 2 to 500 characters
% end
% do INSERT INTO plan_step (plan_id, created, day, stage, note)
%    VALUES (:plan_id, :now, :today, :stage, :said)
{found}: {stage}

% write open number until: open the newest draft for comment, from today UNTIL a day; or put its last day off
% include _plan.sql
% one SELECT id AS draft_id, version, state AS draft_state, until AS was,
%     text_day(:until, '年月日号') AS day, (SELECT count(*) FROM draft_clause
%     WHERE draft_id = d.id) AS clauses FROM plan_draft d
%     WHERE plan_id = :plan_id ORDER BY version DESC LIMIT 1
% none
% fail refused {found} has no draft: `guiju import draft` brings one in
% end
% if (:day = date(:day, '+0 days')) IS NOT 1
% fail refused "{until}" is not a day (YYYY-MM-DD)
% elif :day < :today
% fail refused {day} is over
% elif :day > date(:today, '+1 year')
% fail refused {day} is more than a year ahead
% elif :draft_state = '公布' AND :was < :today AND EXISTS (SELECT 1
%     FROM comment_answered WHERE draft_id = :draft_id)
% fail refused draft {version} of {found} was closed on {was} and has answers: import the next draft
% elif :clauses = 0
% fail refused draft {version} of {found} has no clauses
% elif :stage_now IN ('废止', '终止')
% fail refused {found} has ended: {stage_now}
% elif :draft_state = '公布' AND :day <= :was
% fail refused draft {version} of {found} is open until {was}, which can be put off only
% end
% if :draft_state = '公布'
% do UPDATE plan_draft SET until = :day WHERE id = :draft_id
% do INSERT INTO plan_step (plan_id, created, day, stage, note)
%    VALUES (:plan_id, :now, :today, :stage_now, '第 ' || :version
%        || ' 稿征求意见延长到 ' || :day)
{found}: draft {version} is open for comment until {day}, not {was}
% else
% do UPDATE plan_draft SET state = '公布', opened = :today, until = :day
%    WHERE id = :draft_id
% do INSERT INTO plan_step (plan_id, created, day, stage, note)
%    VALUES (:plan_id, :now, :today, '征求意见', '征求意见稿公开，'
%        || :day || ' 截止')
{found}: draft {version} is open for comment until {day}
% end
