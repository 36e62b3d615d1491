%# SPDX-License-Identifier: ISC
%#
%# Courses and registrations; NUMBER is PX2026-01 or BM2026-0001.
% read list [state]: courses to come with their seats; or the registrations in a STATE
% if :state IS NULL
% table SELECT number, title, state, first, deadline, taken, seats, waiting
%      FROM course_shown WHERE state = '草稿' OR last >= :today
%      ORDER BY first, id /* scan */
% elif :state NOT IN ('候补', '待确认', '已确认', '已缴费', '签到', '发证', '取消')
% fail refused no state {state}: it is 候补, 待确认, 已确认, 已缴费, 签到, 发证 or 取消
% else
% table SELECT number, course, name, unit,
%          CASE WHEN state = '待确认' AND seated < :now - 2 * 86400
%          THEN '超期' ELSE '' END AS late
%      FROM registration_shown WHERE state = :state
%      ORDER BY seated, id LIMIT 1000 /* scan */
% end

% read show number: a course with its registrations, or one registration with internal notes
% include _course.sql
% if :course_id IS NOT NULL
% record SELECT number, title, state, reason, first, last, deadline, hours, place,
%      fee, seats, taken, waiting, contact, about
%      FROM course_shown WHERE id = :course_id
% table SELECT number, name, unit, state FROM registration
%      WHERE course_id = :course_id ORDER BY id
% else
% record SELECT r.number, r.course, r.title, r.name, r.unit, r.state, r.fee,
%      f.number AS certificate FROM registration_shown r
%      LEFT JOIN certificate f ON f.registration_id = r.id
%      WHERE r.id = :registration_id
% record SELECT local_time(created) AS at, name, state, note
%      FROM registration_step WHERE registration_id = :registration_id
%      ORDER BY id
% if EXISTS (SELECT 1 FROM registration_note
%     WHERE registration_id = :registration_id)
% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM registration_note WHERE registration_id = :registration_id
%      ORDER BY id
% end
% end

% write answer number text: say something to who has registered; the state stays
% include _course.sql
% if :registration_id IS NULL
% fail refused {found} is a course; `answer` is for registrations
% end
% include _answer.sql
% do INSERT INTO registration_step (registration_id, created, name, state, note)
%    VALUES (:registration_id, :now, '培训组', :state_now, :said)
{found}: answered

% write set number state note: 已确认, 已缴费, 签到, 发证 or 取消; of a course 取消
% include _course.sql
% one SELECT text_clean(:note) AS said
% if length(:said) NOT BETWEEN 2 AND 200
% fail refused a note has 2 to 200 characters
% elif :course_id IS NOT NULL AND (:state <> '取消' OR :state_now <> '公布')
% fail refused {found} is {state_now}; `set` cancels (取消) a course that is 公布
% elif EXISTS (SELECT 1 FROM course WHERE id = :course_id AND last < :today)
% fail refused {found} is over
% elif :registration_id IS NOT NULL AND :state_now || '>' || :state NOT IN (
%      '待确认>已确认', '已确认>已缴费', '已确认>签到', '已缴费>签到', '签到>发证',
%      '候补>取消', '待确认>取消', '已确认>取消', '已缴费>取消')
% fail refused {found} is {state_now}, which {state} does not follow
% end
% if :course_id IS NOT NULL
% do UPDATE course SET state = '取消', reason = :said WHERE id = :course_id
% do INSERT INTO registration_step (registration_id, created, name, state, note)
%    SELECT id, :now, '培训组', '取消', '班次取消：' || :said FROM registration
%    WHERE course_id = :course_id
%    AND state IN ('候补', '待确认', '已确认', '已缴费')
% else
% do INSERT INTO registration_step (registration_id, created, name, state, note)
%    VALUES (:registration_id, :now, '培训组', :state, :said)
% end
% if :state = '发证'
% include _certificate.sql
{found}: certificate {certificate}
% else
{found}: {state}
% end

% write contact number why: show a person's contact; the reading is logged
% include _course.sql
% one SELECT contact FROM registration WHERE id = :registration_id
% none
% fail refused {found} is a course
% end
% include _why.sql
% do INSERT INTO registration_note (registration_id, created, name, note)
%    VALUES (:registration_id, :now, :who, substr('查看联系方式：'
%        || :reason, 1, 2000))
% record SELECT :found AS number, :contact AS contact

% write note number text: add an internal note, which no reader reads
% include _course.sql
% if :registration_id IS NULL
% fail refused {found} is a course; `note` is for registrations
% end
% include _note.sql
% do INSERT INTO registration_note (registration_id, created, name, note)
%    VALUES (:registration_id, :now, :who, :noted)
{found}: noted
