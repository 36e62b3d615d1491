%# SPDX-License-Identifier: ISC
%#
%# The plan of this number.
% needs :number
% gives :plan_id :found :stage_now
% one SELECT id AS plan_id, number AS found, stage AS stage_now FROM plan
%     WHERE number = upper(:number)
% none
% fail refused there is no plan {number}
% end
