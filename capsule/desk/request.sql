%# SPDX-License-Identifier: ISC
%#
%# Requests for services; NUMBER is FW2026-0001.
% read list [state]: requests that wait, the overdue first; or those in a STATE
% if :state IS NULL
% table SELECT number, kind, title, standing, due,
%          CASE WHEN due < :today THEN '超期' ELSE '' END AS late,
%          CASE WHEN replied THEN '有话' ELSE '' END AS reader
%      FROM request_shown
%      WHERE state IN ('已提交', '受理', '补正', '办理中') ORDER BY due, id
% elif :state NOT IN ('已提交', '受理', '不予受理', '补正', '办理中', '办结',
%     '撤回')
% fail refused no state {state}: it is 已提交, 受理, 不予受理, 补正, 办理中, 办结 or 撤回
% else
% table SELECT number, kind, title, standing, due FROM request_shown
%      WHERE state = :state ORDER BY id DESC LIMIT 200 /* scan */
% end

% read show number: a request with its answers, files, findings and internal notes
% include _request.sql
% record SELECT number, kind, standing, due, local_time(created) AS begun
%      FROM request_shown WHERE id = :request_id
% record SELECT name AS field, CASE WHEN form = 'secret' AND value IS NOT NULL
%          THEN '(`contact` shows it)' WHEN form = 'file'
%          THEN files || ' files' ELSE value END AS answer
%      FROM request_form WHERE request_id = :request_id ORDER BY position
% if EXISTS (SELECT 1 FROM request_finding WHERE request_id = :request_id)
% table SELECT day, asked, said FROM request_finding
%      WHERE request_id = :request_id AND round = (SELECT max(round)
%          FROM request_finding WHERE request_id = :request_id)
%      ORDER BY position
% end
% record SELECT local_time(created) AS at, name, state, stage, note
%      FROM request_step WHERE request_id = :request_id ORDER BY id
% if EXISTS (SELECT 1 FROM request_note WHERE request_id = :request_id)
% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM request_note WHERE request_id = :request_id ORDER BY id
% end

% write answer number text: say something to the reader; the state stays
% include _request.sql
% include _answer.sql
% do INSERT INTO request_step (request_id, created, name, state, stage, note)
%    VALUES (:request_id, :now, '服务窗口', :state_now, :stage_now, :said)
{found}: answered

% write set number state note: 受理, 不予受理, 补正, 办结, or a stage of 办理中
% include _request.sql
% one SELECT iif(EXISTS (SELECT 1 FROM request_stage
%     WHERE kind_id = :kind_id AND name = :state), '办理中', :state) AS became,
%     (SELECT name FROM request_stage
%         WHERE kind_id = :kind_id AND name = :state) AS to_stage
% one SELECT (SELECT group_concat(next, ', ') FROM request_step_next
%         WHERE state = :state_now AND reader = 0) AS others,
%     coalesce('; the stages of 办理中 are ' || (SELECT group_concat(name, ', ')
%         FROM (SELECT name FROM request_stage WHERE kind_id = :kind_id
%         ORDER BY position)), '') AS stages
% if :others IS NULL
% fail refused {found} is {state_now} already
% elif NOT EXISTS (SELECT 1 FROM request_step_next
%     WHERE state = :state_now AND next = :became AND reader = 0)
%     OR (:became = '办理中' AND :to_stage IS NULL AND :stages <> '')
% fail refused {found} is {state_now}; what can follow is {others}{stages}
% elif length(text_clean(:note)) NOT BETWEEN 2 AND 2000
% fail refused a note has 2 to 2000 characters
% end
% do INSERT INTO request_step (request_id, created, name, state, stage, note)
%    VALUES (:request_id, :now, '服务窗口', :became, :to_stage,
%        text_clean(:note))
{found}: {state}

% write contact number why: show the answers that are not shown; the reading is logged
% include _request.sql
% one SELECT group_concat(name || '：' || value, char(10)) AS contact
%     FROM (SELECT name, value FROM request_form WHERE request_id = :request_id
%     AND form = 'secret' AND value IS NOT NULL ORDER BY position)
% include _why.sql
% do INSERT INTO request_note (request_id, created, name, note)
%    VALUES (:request_id, :now, :who, substr('查看联系方式：'
%        || :reason, 1, 2000))
% record SELECT :found AS number, :contact AS contact

% write note number text: add an internal note, which no reader reads
% include _request.sql
% include _note.sql
% do INSERT INTO request_note (request_id, created, name, note)
%    VALUES (:request_id, :now, :who, :noted)
{found}: noted
