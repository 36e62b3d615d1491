%# SPDX-License-Identifier: ISC
%#
%# Members of the association and applications; NUMBER is HY-0001 or RH2026-0001.
% read list [state]: applications that wait, the overdue first; or those in a STATE, or 会员
% if :state IS NULL
% table SELECT number, kind, name, state, due, CASE WHEN due < :today
%          AND state <> '补正' THEN '超期' ELSE '' END AS late
%      FROM application WHERE state IN ('已提交', '受理', '补正')
%      ORDER BY due, id
% elif :state = '会员'
% table SELECT number, kind, name, since, until,
%      CASE WHEN until < :today THEN '已到期' ELSE '' END AS ended
%      FROM member ORDER BY until, id /* scan */
% elif :state NOT IN ('已提交', '受理', '补正', '通过', '不予通过', '撤回')
% fail refused no state {state}: it is 已提交, 受理, 补正, 通过, 不予通过 or 撤回
% else
% table SELECT number, kind, name, due FROM application WHERE state = :state
%      ORDER BY id DESC LIMIT 200 /* scan */
% end

% read show number: an application or a member, with internal notes
% include _member.sql
% if :application_id IS NOT NULL
% record SELECT number, kind, name, about, CASE listed WHEN 1 THEN '同意列名'
%      ELSE '不列名' END AS public_list, state, due
%      FROM application WHERE id = :application_id
% record SELECT local_time(created) AS at, name, state, note
%      FROM application_step WHERE application_id = :application_id ORDER BY id
% else
% record SELECT number, kind, name, since, until, CASE listed WHEN 1
%      THEN '列名' ELSE '不列名' END AS public_list
%      FROM member WHERE id = :member_id
% end
% one SELECT CASE WHEN :application_id IS NULL THEN 'member'
%     ELSE 'application' END AS noted_kind,
%     coalesce(:application_id, :member_id) AS noted_id
% if EXISTS (SELECT 1 FROM internal_note
%     WHERE kind = :noted_kind AND about = :noted_id)
% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM internal_note WHERE kind = :noted_kind AND about = :noted_id
%      ORDER BY id
% end

% write answer number text: say something to an applicant; the state stays
% include _member.sql
% if :application_id IS NULL
% fail refused {found} is a member; `answer` is for applications
% end
% include _answer.sql
% do INSERT INTO application_step (application_id, created, name, state, note)
%    VALUES (:application_id, :now, '秘书处', :state_now, :said)
{found}: answered

% write set number state note: 受理, 补正, 通过 (a member for a year) or 不予通过
% include _member.sql
% if :application_id IS NULL
% fail refused {found} is a member; `renew` changes until when
% elif :state_now NOT IN ('已提交', '受理', '补正')
% fail refused {found} is {state_now} already
% elif :state = '通过' AND :state_now = '补正'
% fail refused {found} waits for the applicant: it is 补正
% elif :state NOT IN ('受理', '补正', '通过', '不予通过')
% fail refused a state is 受理, 补正, 通过 or 不予通过
% elif length(text_clean(:note)) NOT BETWEEN 2 AND 500
% fail refused a note has 2 to 500 characters
% end
% do INSERT INTO application_step (application_id, created, name, state, note)
%    VALUES (:application_id, :now, '秘书处', :state, text_clean(:note))
% if :state = '通过'
% do INSERT INTO member (number, kind, name, since, until, listed, account_id)
%    SELECT format('HY-%04d', 1 + coalesce((SELECT max(id) FROM member), 0)),
%        kind, name, :today, date(:today, '+1 year', '-1 day'), listed,
%        account_id FROM application WHERE id = :application_id
%    RETURNING id AS made_id, number AS made
% do UPDATE application SET member_id = :made_id WHERE id = :application_id
{found}: member {made}
% else
{found}: {state}
% end

% write renew number day: a membership lasts until that day, 2027-12-31
% include _member.sql
% one SELECT text_day(:day) AS wanted, since FROM member
%     WHERE id = :member_id
% none
% fail refused {found} is an application
% end
% if :wanted IS NULL OR :wanted < :since
% fail refused {day} is not a day behind {since}
% end
% if EXISTS (SELECT 1 FROM member WHERE id = :member_id AND erased IS NOT NULL)
% fail refused {found} was erased; who comes back applies anew
% end
% do UPDATE member SET until = :wanted WHERE id = :member_id
{found}: until {wanted}

% write contact number why: show an applicant's contact; the reading is logged
% include _member.sql
% one SELECT contact FROM application WHERE id = :application_id
% none
% fail refused {found} is a member
% end
% include _why.sql
% do INSERT INTO internal_note (kind, about, created, name, note)
%    VALUES ('application', :application_id, :now, :who,
%        substr('查看联系方式：' || :reason, 1, 2000))
% record SELECT :found AS number, :contact AS contact

% write note number text: add an internal note, which no reader reads
% include _member.sql
% include _note.sql
% do INSERT INTO internal_note (kind, about, created, name, note)
%    VALUES (CASE WHEN :application_id IS NULL THEN 'member'
%        ELSE 'application' END, coalesce(:application_id, :member_id), :now,
%        :who, :noted)
{found}: noted

% write public number listed why: whether a member stands in the public list, yes or no
% include _member.sql
% one SELECT listed AS listed_now, until, erased, text_clean(:why) AS reason,
%     CASE :listed WHEN 'yes' THEN 1 WHEN 'no' THEN 0 END AS wanted
%     FROM member WHERE id = :member_id
% none
% fail refused {found} is an application
% end
% if :erased IS NOT NULL
% fail refused {found} was erased; who comes back applies anew
% elif :wanted IS NULL
% fail refused {listed} is neither yes nor no
% elif :wanted = 1 AND :until < :today
% fail refused the membership of {found} ended on {until}
% elif :wanted = :listed_now
% fail refused the public list has {found} so already
% elif length(:reason) NOT BETWEEN 2 AND 200
% fail refused say how the member has told it, in 2 to 200 characters
% end
% do INSERT INTO member_consent (member_id, created, name, listed)
%    VALUES (:member_id, :now, '秘书处', :wanted)
% do INSERT INTO internal_note (kind, about, created, name, note)
%    VALUES ('member', :member_id, :now, :who, CASE :wanted WHEN 1
%        THEN '列入公开名单：' ELSE '从公开名单去掉：' END || :reason)
{found}: public list {listed}
