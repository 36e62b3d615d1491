%# SPDX-License-Identifier: ISC
%#
%# projects of 试点示范
%#
%# Columns: 项目编号 or number, 项目名称 or name, 承担单位 or unit, 领域 or field, 级别 or level
%# (国家级, 省级, 市县级) and, if there are, 市县 or place, 批次 or series, 开始日期 or
%# started, 截止日期 or due, 说明 or about. A new project is at 立项, or at what the
%# column 阶段 or stage says; with 验收结果 or result and 证书编号 or certificate it is
%# 已验收. The stage has begun on the day in 阶段日期 or since; of 立项 that is 开始日期
%# if there is none. Without a day it is shown as undated. Later stages begin by `guiju desk pilot set`. A cell that is empty changes
%# nothing.
% needs :项目编号 :number :项目名称 :name :承担单位 :unit :领域 :field :级别 :level
%     :市县 :place :批次 :series :开始日期 :started :截止日期 :due :说明 :about :阶段
%     :stage :阶段日期 :since :验收结果 :result :证书编号 :certificate :batch
% gives :existing
% one SELECT upper(text_fold(coalesce(:项目编号, :number))) AS project,
%     coalesce(:项目名称, :name) AS called, coalesce(:承担单位, :unit) AS by_whom,
%     coalesce(:领域, :field) AS our_field, coalesce(:级别, :level) AS our_level,
%     coalesce(:市县, :place) AS at_place, coalesce(:批次, :series) AS of_series,
%     std_said(coalesce(:开始日期, :started)) AS started_said,
%     std_said(coalesce(:截止日期, :due)) AS due_said,
%     coalesce(:说明, :about) AS said, std_said(coalesce(:验收结果, :result))
%         AS outcome, upper(text_fold(std_said(coalesce(:证书编号, :certificate))))
%         AS given, coalesce(:阶段, :stage) AS at_stage,
%     std_said(coalesce(:阶段日期, :since)) AS since_said
% one SELECT text_day(:started_said, '年月日号') AS started_on,
%     text_day(:due_said, '年月日号') AS due_on,
%     text_day(:since_said, '年月日号') AS since_on,
%     CASE WHEN :outcome IS NULL THEN coalesce(:at_stage, '立项')
%         ELSE coalesce(:at_stage, '已验收') END AS begins_at,
%     (SELECT id FROM pilot WHERE number = :project) AS known,
%     import_once(:project) AS before
% if :project IS NULL
% fail refused no 项目编号
% elif :project NOT GLOB '[A-Z0-9]*' OR :project GLOB '*[^A-Z0-9.-]*'
%     OR length(:project) NOT BETWEEN 3 AND 40
% fail refused 项目编号 has 3 to 40 letters, digits, points and dashes, not "{project}"
% elif :before IS NOT NULL
% fail refused {project} is on line {before} already
% elif :known IS NULL AND (:called IS NULL OR :by_whom IS NULL
%     OR :our_field IS NULL OR :our_level IS NULL)
% fail refused {project} is new and lacks 项目名称, 承担单位, 领域 or 级别
% elif :our_level NOT IN ('国家级', '省级', '市县级')
% fail refused 级别 is 国家级, 省级 or 市县级, not "{our_level}"
% elif :our_field GLOB '*[,:"\]*'
% fail refused 领域 has no comma, colon, quote or backslash: "{our_field}"
% elif :begins_at NOT IN ('立项', '建设中', '中期评估', '待验收', '已验收', '已终止')
% fail refused 阶段 "{begins_at}" is not known: 立项, 建设中, 中期评估, 待验收, 已验收, 已终止
% elif :outcome NOT IN ('通过', '不通过')
% fail refused 验收结果 is 通过 or 不通过, not "{outcome}"
% elif (:outcome IS NULL) = (:begins_at = '已验收')
% fail refused 验收结果 and the 阶段 已验收 go together
% elif :given IS NOT NULL AND :outcome IS NOT '通过'
% fail refused 证书编号 goes with the 验收结果 通过
% elif length(:called) NOT BETWEEN 2 AND 100 OR length(:by_whom) NOT BETWEEN 2 AND 100
%     OR length(:our_field) NOT BETWEEN 2 AND 20
%     OR length(:at_place) NOT BETWEEN 2 AND 40
%     OR length(:of_series) NOT BETWEEN 2 AND 40
%     OR length(:given) NOT BETWEEN 3 AND 40 OR length(:said) NOT BETWEEN 2 AND 1000
% fail refused a cell is too long or too short: names 2 to 100 characters, 领域 20, others 40, 说明 1000
% elif EXISTS (SELECT 1 FROM pilot WHERE certificate = :given
%     AND number <> :project)
% fail refused 证书编号 {given} is another project's
% end
% each SELECT column1 AS wrong FROM (VALUES (:started_said, :started_on),
%     (:due_said, :due_on), (:since_said, :since_on)) WHERE column1 IS NOT NULL
%         AND (column2 = date(column2, '+0 days')) IS NOT 1 LIMIT 1
% fail refused "{wrong}" is not a date (YYYY-MM-DD)
% end
% one SELECT :known IS NOT NULL AS existing, coalesce(:since_on,
%     iif(:begins_at = '立项', :started_on, NULL)) AS begun_on
% if :since_on > local_day(unixepoch())
% fail refused {project} begins its stage on {since_on}, a day that has not come: say an earlier 阶段日期
% elif :existing AND :since_on IS NOT NULL AND NOT EXISTS (SELECT 1
%     FROM pilot_step WHERE pilot_id = :known AND stage = :begins_at
%     AND day = :since_on)
% fail refused {project} is there: a stage that is stored keeps its day
% end
%# What has begun goes on by the desk alone, which says when and why.
% if :existing AND coalesce(:at_stage, :outcome, :given) IS NOT NULL
%     AND NOT EXISTS (SELECT 1 FROM pilot WHERE id = :known
%         AND stage = :begins_at AND result IS :outcome
%         AND certificate IS coalesce(:given, certificate))
% fail refused {project} is there: `guiju desk pilot set` changes its stage
% elif :existing AND EXISTS (SELECT 1 FROM pilot WHERE id = :known
%     AND name = coalesce(:called, name) AND unit = coalesce(:by_whom, unit)
%     AND field = coalesce(:our_field, field)
%     AND level = coalesce(:our_level, level)
%     AND place IS coalesce(:at_place, place)
%     AND series IS coalesce(:of_series, series)
%     AND started IS coalesce(:started_on, started)
%     AND due IS coalesce(:due_on, due) AND about IS coalesce(:said, about))
% fail unchanged
% end

% if :existing
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'pilot', number, json_object('name', name, 'unit', unit,
%         'place', place, 'field', field, 'level', level, 'series', series,
%         'started', started, 'due', due, 'about', about, 'batch_id', batch_id)
%     FROM pilot WHERE id = :known AND batch_id IS NOT :batch
% do UPDATE pilot SET name = coalesce(:called, name),
%         unit = coalesce(:by_whom, unit), field = coalesce(:our_field, field),
%         level = coalesce(:our_level, level), place = coalesce(:at_place, place),
%         series = coalesce(:of_series, series),
%         started = coalesce(:started_on, started), due = coalesce(:due_on, due),
%         about = coalesce(:said, about), batch_id = :batch
%     WHERE id = :known
% else
% do INSERT INTO pilot (number, name, unit, place, field, level, series, started,
%         due, about, batch_id)
%     VALUES (:project, :called, :by_whom, :at_place, :our_field, :our_level,
%         :of_series, :started_on, :due_on, :said, :batch)
% do INSERT INTO pilot_step (pilot_id, created, day, stage, result, dated)
%     SELECT id, unixepoch(), coalesce(:begun_on, local_day(unixepoch())),
%         :begins_at, :outcome, :begun_on IS NOT NULL
%     FROM pilot WHERE number = :project
% do UPDATE pilot SET certificate = :given WHERE number = :project
% end
