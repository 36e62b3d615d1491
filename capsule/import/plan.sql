%# SPDX-License-Identifier: ISC
%#
%# plans for standards (制修订计划)
%#
%# Columns: 计划号 or number, 标准名称 or title, 层级 or level (国家, 行业, 地方, 团体, 企业),
%# 制修订 or action (制定, 修订) and, if there are, 代替标准号 or replaces, 提出单位 or
%# proposer, 归口单位 or committee, 起草单位 or drafters, 说明 or about, 下达日期 or
%# approved, 完成日期 or due, 成果 or result (the number of the standard that it has
%# become). A new plan is at 立项, or at what the column 阶段 or stage says, since the
%# day in 阶段日期 or since; of 立项 that is 下达日期 if there is none. Without a day
%# the stage is shown as undated. Later stages begin by `guiju desk plan set`. A cell that is empty changes nothing.
% needs :计划号 :number :标准名称 :title :层级 :level :制修订 :action :代替标准号
%     :replaces :提出单位 :proposer :归口单位 :committee :起草单位 :drafters :说明
%     :about :下达日期 :approved :完成日期 :due :成果 :result :阶段 :stage :阶段日期 :since :batch
% gives :existing
% one SELECT upper(text_fold(coalesce(:计划号, :number))) AS plan_number,
%     coalesce(:标准名称, :title) AS called, coalesce(:层级, :level) AS our_level,
%     coalesce(:制修订, :action) AS our_action,
%     coalesce(:代替标准号, :replaces) AS older_text,
%     coalesce(:提出单位, :proposer) AS proposed_by,
%     coalesce(:归口单位, :committee) AS looked_after,
%     coalesce(:起草单位, :drafters) AS drafted_by, coalesce(:说明, :about) AS said,
%     std_said(coalesce(:下达日期, :approved)) AS approved_said,
%     std_said(coalesce(:完成日期, :due)) AS due_said,
%     std_said(coalesce(:成果, :result)) AS became,
%     coalesce(:阶段, :stage, '立项') AS begins_at,
%     std_said(coalesce(:阶段日期, :since)) AS since_said
% one SELECT text_day(:approved_said, '年月日号') AS approved_on,
%     text_day(:due_said, '年月日号') AS due_on, text_day(:since_said, '年月日号') AS since_on,
%     std_key(:became) AS became_key,
%     std_replaced(:older_text) AS older_list,
%     (SELECT id FROM plan WHERE number = :plan_number) AS known,
%     import_once(:plan_number) AS before
% if :plan_number IS NULL
% fail refused no 计划号
% elif :plan_number NOT GLOB '[A-Z0-9]*' OR :plan_number GLOB '*[^A-Z0-9.-]*'
%     OR length(:plan_number) NOT BETWEEN 3 AND 40
% fail refused 计划号 has 3 to 40 letters, digits, points and dashes, not "{plan_number}"
% elif :before IS NOT NULL
% fail refused {plan_number} is on line {before} already
% elif :known IS NULL AND (:called IS NULL OR :our_level IS NULL
%     OR :our_action IS NULL)
% fail refused {plan_number} is new and lacks 标准名称, 层级 or 制修订
% elif :our_level NOT IN ('国家', '行业', '地方', '团体', '企业')
% fail refused 层级 is 国家, 行业, 地方, 团体 or 企业, not "{our_level}"
% elif :our_action NOT IN ('制定', '修订')
% fail refused 制修订 is 制定 or 修订, not "{our_action}"
% elif :begins_at NOT IN ('预阶段', '立项', '起草', '征求意见', '审查', '批准',
%     '出版', '复审', '废止', '终止')
% fail refused 阶段 "{begins_at}" is not known: 预阶段, 立项, 起草, 征求意见, 审查, 批准, 出版, 复审, 废止, 终止
% elif length(:called) NOT BETWEEN 2 AND 100
%     OR length(:proposed_by) NOT BETWEEN 2 AND 100
%     OR length(:looked_after) NOT BETWEEN 2 AND 100
%     OR length(:drafted_by) NOT BETWEEN 2 AND 500
%     OR length(:said) NOT BETWEEN 2 AND 1000
% fail refused a cell is too long or too short: 标准名称 and units 2 to 100 characters, 起草单位 500, 说明 1000
% elif json_type(:older_list) = 'object'
% one SELECT :older_list ->> 'unread' AS unread
% fail refused cannot read "{unread}" among what it replaces
% elif :became IS NOT NULL AND std_number(:became) IS NULL
% fail refused 成果 "{became}" is not the number of a standard
% end
% each SELECT column1 AS wrong FROM (VALUES (:approved_said, :approved_on),
%     (:due_said, :due_on), (:since_said, :since_on)) WHERE column1 IS NOT NULL
%         AND (column2 = date(column2, '+0 days')) IS NOT 1 LIMIT 1
% fail refused "{wrong}" is not a date (YYYY-MM-DD)
% end
% one SELECT :known IS NOT NULL AS existing, coalesce(:since_on,
%     iif(:begins_at = '立项', :approved_on, NULL)) AS begun_on
% if :since_on > local_day(unixepoch())
% fail refused {plan_number} begins its stage on {since_on}, a day that has not come: say an earlier 阶段日期
% elif :existing AND :since_on IS NOT NULL AND NOT EXISTS (SELECT 1
%     FROM plan_step WHERE plan_id = :known AND stage = :begins_at
%     AND day = :since_on)
% fail refused {plan_number} is there: a stage that is stored keeps its day
% end
% if :existing AND EXISTS (SELECT 1 FROM plan WHERE id = :known
%     AND title = coalesce(:called, title) AND level = coalesce(:our_level, level)
%     AND action = coalesce(:our_action, action)
%     AND proposer IS coalesce(:proposed_by, proposer)
%     AND committee IS coalesce(:looked_after, committee)
%     AND drafters IS coalesce(:drafted_by, drafters)
%     AND about IS coalesce(:said, about)
%     AND approved IS coalesce(:approved_on, approved)
%     AND due IS coalesce(:due_on, due)
%     AND result_key IS coalesce(:became_key, result_key))
%     AND NOT EXISTS (SELECT 1 FROM json_each(:older_list)
%         WHERE value ->> 'key' NOT IN (SELECT key FROM plan_replaces
%             WHERE plan_id = :known))
% fail unchanged
% end

% if :existing
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'plan', number, json_object('title', title, 'level', level,
%         'action', action, 'proposer', proposer, 'committee', committee,
%         'drafters', drafters, 'about', about, 'approved', approved,
%         'due', due, 'result_key', result_key, 'batch_id', batch_id,
%         'replaces', (SELECT json_group_array(json_array(key, number))
%             FROM plan_replaces WHERE plan_id = plan.id))
%     FROM plan WHERE id = :known AND batch_id IS NOT :batch
% do UPDATE plan SET title = coalesce(:called, title),
%         level = coalesce(:our_level, level),
%         action = coalesce(:our_action, action),
%         proposer = coalesce(:proposed_by, proposer),
%         committee = coalesce(:looked_after, committee),
%         drafters = coalesce(:drafted_by, drafters),
%         about = coalesce(:said, about),
%         approved = coalesce(:approved_on, approved),
%         due = coalesce(:due_on, due),
%         result_key = coalesce(:became_key, result_key), batch_id = :batch
%     WHERE id = :known
% else
% do INSERT INTO plan (number, title, level, action, proposer, committee, drafters,
%         about, approved, due, result_key, batch_id)
%     VALUES (:plan_number, :called, :our_level, :our_action, :proposed_by,
%         :looked_after, :drafted_by, :said, :approved_on, :due_on, :became_key,
%         :batch)
% do INSERT INTO plan_step (plan_id, created, day, stage, dated)
%     SELECT id, unixepoch(), coalesce(:begun_on, local_day(unixepoch())),
%         :begins_at, :begun_on IS NOT NULL FROM plan WHERE number = :plan_number
% end
% do INSERT INTO plan_replaces (plan_id, key, number)
%     SELECT p.id, value ->> 'key', value ->> 'number'
%     FROM plan p JOIN json_each(:older_list) WHERE p.number = :plan_number
%     ON CONFLICT DO NOTHING
