%# SPDX-License-Identifier: ISC
%#
%# The course (PX2026-01) or the registration (BM2026-0001) of this number; one
%# of the two ids is NULL.
% needs :number
% gives :course_id :registration_id :found :state_now
% one SELECT upper(:number) AS found
% one SELECT (SELECT id FROM course WHERE number = :found) AS course_id,
%     (SELECT id FROM registration WHERE number = :found) AS registration_id,
%     coalesce((SELECT state FROM course WHERE number = :found),
%         (SELECT state FROM registration WHERE number = :found)) AS state_now
% if :course_id IS NULL AND :registration_id IS NULL
% fail refused there is no course and no registration {number}
% end
