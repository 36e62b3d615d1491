%# SPDX-License-Identifier: ISC
%#
%# a draft that is to be open for comment (征求意见稿)
%#
%# One file is one draft. Head of the file, before the row of column names, one
%# `key: value` a line:
%#   计划 or plan: the number of its plan      说明 or about: may be missing
%# Columns: 条款 or clause ('4.2'), 标题 or title, 内容 or text (one paragraph). A row
%# without 条款 is a further paragraph of the clause above. Readers can comment on
%# each clause, and on the draft as a whole. They see the draft after `guiju desk
%# plan open`.
% needs :head_计划 :head_plan :head_说明 :head_about :条款 :clause :标题 :title
%     :内容 :text :batch
% gives :existing
% one SELECT upper(text_fold(coalesce(:head_计划, :head_plan))) AS plan_number,
%     coalesce(:head_说明, :head_about) AS about
% one SELECT (SELECT id FROM plan WHERE number = :plan_number) AS plan_id
% if :plan_number IS NULL
% fail fatal the head must say 计划, the number of the plan
% elif :plan_id IS NULL
% fail fatal there is no plan {plan_number}: `guiju import plan` brings it in
% elif length(:about) NOT BETWEEN 2 AND 2000
% fail fatal 说明 has 2 to 2000 characters
% end
% one SELECT upper(trim(coalesce(:条款, :clause))) AS code,
%     trim(coalesce(:标题, :title)) AS heading,
%     text_clean(coalesce(:内容, :text)) AS body
% one SELECT (SELECT id FROM plan_draft WHERE plan_id = :plan_id
%     AND batch_id = :batch) AS there
% one SELECT (SELECT max(id) FROM draft_clause WHERE draft_id = :there) AS above
% if :code IS NULL AND :above IS NULL
% fail refused no 条款
% elif :code IS NULL AND :heading IS NOT NULL
% fail refused a further paragraph has no 标题
% elif :code NOT GLOB '[A-Z0-9]*' OR :code GLOB '*[^A-Z0-9.]*'
%     OR length(:code) > 20 OR :code = '0'
% fail refused 条款 has letters, digits and points and is not 0: "{code}"
% elif length(:heading) NOT BETWEEN 1 AND 100
% fail refused 标题 has at most 100 characters
% elif :body IS NULL OR length(:body) + coalesce((SELECT length(body) + 1
%     FROM draft_clause WHERE id = :above AND :code IS NULL), 0) > 20000
% fail refused 内容 has 1 to 20000 characters in each clause
% end
% one SELECT import_once(:code) AS before, 0 AS existing
% if :before IS NOT NULL
% fail refused clause {code} is on line {before} already
% end
% if :there IS NULL
% do INSERT INTO plan_draft (plan_id, version, about, batch_id)
%     SELECT :plan_id, 1 + coalesce(max(version), 0), :about, :batch
%     FROM plan_draft WHERE plan_id = :plan_id
% do INSERT INTO draft_clause (draft_id, position, clause, title, body)
%     SELECT id, 0, '0', '整个草案', '对整个草案、它的名称或者结构的意见，写在这里。'
%     FROM plan_draft WHERE plan_id = :plan_id AND batch_id = :batch
% end
% if :code IS NULL
% do UPDATE draft_clause SET body = body || char(10) || :body WHERE id = :above
% else
% do INSERT INTO draft_clause (draft_id, position, clause, title, body)
%     SELECT id, :line, :code, :heading, :body
%     FROM plan_draft WHERE plan_id = :plan_id AND batch_id = :batch
% end
