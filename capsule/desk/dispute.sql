%# SPDX-License-Identifier: ISC
%#
%# What readers dispute about standards (状态异议); NUMBER is that of the dispute.
% read list [state]: those that wait, the oldest first; or those in a STATE
% if :state IS NULL
% table SELECT id AS number, number AS standard, kind,
%      local_day(created) AS day, CASE WHEN created < :now - 7 * 86400
%          THEN '超期' ELSE '' END AS late, remark
%      FROM status_dispute WHERE state = '待审核' ORDER BY created, id
% elif :state NOT IN ('待审核', '通过', '驳回', '忽略')
% fail refused no state {state}: it is 待审核, 通过, 驳回 or 忽略
% else
% table SELECT id AS number, number AS standard, kind,
%      local_day(created) AS day, coalesce(answer, '') AS answer, remark
%      FROM status_dispute WHERE state = :state
%      ORDER BY id DESC LIMIT 200 /* scan */
% end

% read show number: a dispute, with internal notes
% include _dispute.sql
% record SELECT id AS number, number AS standard, kind, state,
%      local_time(created) AS received, remark, answer,
%      local_time(decided) AS decided
%      FROM status_dispute WHERE id = :dispute_id
% if EXISTS (SELECT 1 FROM internal_note
%     WHERE kind = 'dispute' AND about = :dispute_id)

% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM internal_note WHERE kind = 'dispute' AND about = :dispute_id
%      ORDER BY id
% end

% write set number state text: 通过, 驳回 or 忽略; everybody reads the TEXT
% include _dispute.sql
% one SELECT trim(replace(text_clean(:text), char(10), ' ')) AS reply
% if :state_now <> '待审核'
% fail refused dispute {dispute_id} is {state_now} already
% elif :state NOT IN ('通过', '驳回', '忽略')
% fail refused a state is 通过, 驳回 or 忽略
% elif length(:reply) NOT BETWEEN 2 AND 300
% fail refused a reply has 2 to 300 characters
% end
% do UPDATE status_dispute SET state = :state, answer = :reply, decided = :now
%    WHERE id = :dispute_id
dispute {dispute_id}: {state}

% write note number text: add an internal note, which no reader reads
% include _dispute.sql
% include _note.sql
% do INSERT INTO internal_note (kind, about, created, name, note)
%    VALUES ('dispute', :dispute_id, :now, :who, :noted)
dispute {dispute_id}: noted
