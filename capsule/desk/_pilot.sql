%# SPDX-License-Identifier: ISC
%#
%# The project of this number.
% needs :number
% gives :pilot_id :found :stage_now :result_now
% one SELECT id AS pilot_id, number AS found, stage AS stage_now,
%     result AS result_now FROM pilot WHERE number = upper(:number)
% none
% fail refused there is no project {number}
% end
