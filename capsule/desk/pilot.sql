%# SPDX-License-Identifier: ISC
%#
%# Projects of 试点示范; `guiju import pilot` brings them in.
% read list [stage]: projects that are not done, the overdue first; or those at a STAGE
% if :stage IS NOT NULL AND :stage NOT IN ('立项', '建设中', '中期评估', '待验收',
%     '已验收', '已终止', '已撤销')
% fail refused no stage {stage}: it is 立项, 建设中, 中期评估, 待验收, 已验收, 已终止 or 已撤销
% end
% table SELECT number, name, unit, level, standing, due,
%      CASE WHEN open AND due < :today THEN '超期' ELSE '' END AS late
%      FROM pilot_shown WHERE CASE WHEN :stage IS NULL THEN open
%          ELSE stage = :stage END ORDER BY due, id LIMIT 1000 /* scan */

% read show number: a project with its stages
% include _pilot.sql
% record SELECT number, name, unit, place, field, level, series, started, due,
%      standing, certificate, about FROM pilot_shown WHERE id = :pilot_id
% table SELECT iif(dated, day, '') AS day, stage, result, note FROM pilot_step
%      WHERE pilot_id = :pilot_id ORDER BY id

% write set number stage note [certificate]: 建设中, 中期评估, 待验收, 通过, 不通过, 已终止 or 已撤销; everybody reads the NOTE
% include _pilot.sql
% one SELECT text_clean(:note) AS said, iif(:stage IN ('通过', '不通过'), '已验收',
%     :stage) AS became, iif(:stage IN ('通过', '不通过'), :stage, NULL)
%     AS outcome, upper(text_fold(:certificate)) AS given
% if :became NOT IN ('立项', '建设中', '中期评估', '待验收', '已验收', '已终止',
%     '已撤销') OR :stage = '已验收'
% fail refused no stage {stage}: it is 建设中, 中期评估, 待验收, 通过, 不通过, 已终止 or 已撤销
% elif NOT EXISTS (SELECT 1 FROM pilot_next WHERE stage = :stage_now
%     AND next = :became AND coalesce(result = :result_now, 1))
%     AND EXISTS (SELECT 1 FROM pilot_step WHERE pilot_id = :pilot_id)
% fail refused {found} is {stage_now}, which {stage} does not follow
% elif length(:said) NOT BETWEEN 2 AND 500
% fail refused a note has 2 to 500 characters
% elif :given IS NOT NULL AND :outcome IS NOT '通过'
% fail refused a certificate goes with 通过 only
% elif length(:given) NOT BETWEEN 3 AND 40
% fail refused a certificate's number has 3 to 40 characters
% elif EXISTS (SELECT 1 FROM pilot WHERE certificate = :given
%     AND id <> :pilot_id)
% fail refused certificate {given} is another project's
% end
% do INSERT INTO pilot_step (pilot_id, created, day, stage, result, note)
%    VALUES (:pilot_id, :now, :today, :became, :outcome, :said)
% if :given IS NOT NULL
% do UPDATE pilot SET certificate = :given WHERE id = :pilot_id
% end
{found}: {stage}
