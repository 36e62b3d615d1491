%# SPDX-License-Identifier: ISC
%#
%# The request of this number. A draft has none.
% needs :number
% gives :request_id :found :kind_id :state_now :stage_now
% one SELECT id AS request_id, number AS found, kind_id, state AS state_now,
%     stage AS stage_now FROM request WHERE number = upper(:number)
% none
% fail refused there is no request {number}
% end
