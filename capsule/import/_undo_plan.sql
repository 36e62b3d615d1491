%# SPDX-License-Identifier: ISC
%#
%# Take back what the import :batch has said of plans and drafts. What readers
%# have been shown, or a stage that has begun since, is not taken back.
% needs :batch
% each SELECT p.number, d.version FROM plan_draft d JOIN plan p ON p.id = d.plan_id
%     WHERE d.state = '公布' AND (d.batch_id = :batch OR (p.batch_id = :batch
%         AND NOT EXISTS (SELECT 1 FROM import_journal WHERE batch_id = :batch
%             AND kind = 'plan' AND key = p.number))) LIMIT 1
% fail refused draft {version} of {number} is open for comment and stays
% end
% each SELECT p.number FROM plan p WHERE p.batch_id = :batch
%     AND NOT EXISTS (SELECT 1 FROM import_journal WHERE batch_id = :batch
%         AND kind = 'plan' AND key = p.number)
%     AND ((SELECT count(*) FROM plan_step WHERE plan_id = p.id) > 1
%         OR EXISTS (SELECT 1 FROM plan_draft WHERE plan_id = p.id
%             AND batch_id IS NOT :batch)) LIMIT 1
% fail refused {number} has gone on since: import what is right instead
% end
% do DELETE FROM plan_replaces WHERE plan_id IN (SELECT id FROM plan
%         WHERE batch_id = :batch)
% do INSERT INTO plan_replaces (plan_id, key, number)
%     SELECT p.id, r.value ->> 0, r.value ->> 1 FROM import_journal j
%     JOIN plan p ON p.number = j.key JOIN json_each(j.before, '$.replaces') r
%     WHERE j.batch_id = :batch AND j.kind = 'plan'
% do UPDATE plan SET title = b ->> 'title', level = b ->> 'level',
%         action = b ->> 'action', proposer = b ->> 'proposer',
%         committee = b ->> 'committee', drafters = b ->> 'drafters',
%         about = b ->> 'about', approved = b ->> 'approved', due = b ->> 'due',
%         result_key = b ->> 'result_key', batch_id = b ->> 'batch_id'
%     FROM (SELECT key AS k, before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'plan')
%     WHERE plan.number = k
% do DELETE FROM plan_draft WHERE batch_id = :batch
% do DELETE FROM plan WHERE batch_id = :batch
