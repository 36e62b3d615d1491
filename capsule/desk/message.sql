%# SPDX-License-Identifier: ISC
%#
%# Messages of readers (留言, 意见); NUMBER is LY2026-000001.
% read list [state]: those that wait, the overdue first; or those in a STATE
% if :state IS NULL
% table SELECT number, kind, state, local_day(created) AS day, due,
%      CASE WHEN due < :today THEN '超期' ELSE '' END AS late,
%      replace(body, char(10), ' ') AS message
%      FROM message WHERE state IN ('待处理', '办理中') ORDER BY due, id
% elif :state NOT IN ('待处理', '办理中', '已答复', '不予办理', '已撤回')
% fail refused no state {state}: it is 待处理, 办理中, 已答复, 不予办理 or 已撤回
% else
% table SELECT number, kind, local_day(created) AS day, due,
%      replace(body, char(10), ' ') AS message FROM message
%      WHERE state = :state ORDER BY created DESC LIMIT 200 /* scan */
% end

% read show number: a message, what became of it, internal notes
% include _message.sql
% record SELECT number, kind, state, local_time(created) AS received, due,
%      body AS message FROM message WHERE id = :message_id

% record SELECT local_time(created) AS at, state, note
%      FROM message_step WHERE message_id = :message_id ORDER BY id
% if EXISTS (SELECT 1 FROM internal_note
%     WHERE kind = 'message' AND about = :message_id)
% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM internal_note WHERE kind = 'message' AND about = :message_id
%      ORDER BY id
% end

% write answer number text: answer a message; its reader reads the TEXT
% include _message.sql
% if :state_now = '已撤回'
% fail refused the reader has withdrawn {found}
% elif length(text_clean(:text)) NOT BETWEEN 2 AND 5000
% fail refused an answer has 2 to 5000 characters
% end
% do INSERT INTO message_step (message_id, created, state, note)
%    VALUES (:message_id, :now, '已答复', text_clean(:text))
{found}: 已答复

% write set number state [note]: 办理中 or 不予办理; its reader reads the NOTE
% include _message.sql
% if :state_now = '已撤回'
% fail refused the reader has withdrawn {found}
% elif :state NOT IN ('办理中', '不予办理')
% fail refused a state is 办理中 or 不予办理; `answer` makes it 已答复
% elif :state = '不予办理' AND :note IS NULL
% fail refused 不予办理 wants a note that says why
% elif length(text_clean(:note)) NOT BETWEEN 2 AND 2000
% fail refused a note has 2 to 2000 characters
% end
% do INSERT INTO message_step (message_id, created, state, note)
%    VALUES (:message_id, :now, :state, text_clean(:note))
{found}: {state}

% write note number text: add an internal note, which no reader reads
% include _message.sql
% include _note.sql
% do INSERT INTO internal_note (kind, about, created, name, note)
%    VALUES ('message', :message_id, :now, :who, :noted)
{found}: noted
