%# SPDX-License-Identifier: ISC
%#
%# Comments of readers on drafts (征求意见); NUMBER is YJ2026-0001.
% read list [state]: those that wait, the oldest first; or those in a STATE
% if :state IS NOT NULL AND :state NOT IN ('待处理', '采纳', '部分采纳', '不采纳',
%     '撤回')
% fail refused no state {state}: it is 待处理, 采纳, 部分采纳, 不采纳 or 撤回
% end
% table SELECT c.number, p.number AS plan, k.clause, c.kind,
%      local_day(c.created) AS day, replace(c.body, char(10), ' ') AS comment
%      FROM comment_received c JOIN draft_clause k ON k.id = c.clause_id
%      JOIN plan_draft d ON d.id = c.draft_id JOIN plan p ON p.id = d.plan_id
%      WHERE c.state = coalesce(:state, '待处理') ORDER BY c.id
%      LIMIT 1000 /* scan */

% read show number: a comment, and what became of it
% include _comment.sql
% record SELECT c.number, p.number AS plan, p.title, d.version, k.clause,
%      k.title AS heading, c.kind, c.state, c.signed, c.body AS comment,
%      c.proposal FROM draft_comment c JOIN draft_clause k ON k.id = c.clause_id
%      JOIN plan_draft d ON d.id = c.draft_id JOIN plan p ON p.id = d.plan_id
%      WHERE c.id = :comment_id
% record SELECT local_time(created) AS at, name, state, note FROM comment_step
%      WHERE comment_id = :comment_id ORDER BY id

% write answer number verdict text: 采纳, 部分采纳 or 不采纳, and why; everybody reads the TEXT
% include _comment.sql
% one SELECT text_clean(:text) AS said
% if :state_now = '撤回'
% fail refused the reader has withdrawn {found}
% elif :verdict NOT IN ('采纳', '部分采纳', '不采纳')
% fail refused no verdict {verdict}: it is 采纳, 部分采纳 or 不采纳
% elif length(:said) NOT BETWEEN 2 AND 2000
% fail refused an answer says why, in 2 to 2000 characters
% end
% do INSERT INTO comment_step (comment_id, created, name, state, note)
%    VALUES (:comment_id, :now, '起草组', :verdict, :said)
{found}: {verdict}
