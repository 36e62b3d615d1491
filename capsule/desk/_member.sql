%# SPDX-License-Identifier: ISC
%#
%# The application (RH2026-0001) or the member (HY-0001) of this number; one of
%# the two ids is NULL.
% needs :number
% gives :application_id :member_id :found :state_now
% one SELECT upper(:number) AS found
% one SELECT (SELECT id FROM application WHERE number = :found
%     AND state <> '草稿') AS application_id,
%     (SELECT id FROM member WHERE number = :found) AS member_id,
%     (SELECT state FROM application WHERE number = :found) AS state_now
% if :application_id IS NULL AND :member_id IS NULL
% fail refused there is no application and no member {number}
% end
