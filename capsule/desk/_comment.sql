%# SPDX-License-Identifier: ISC
%#
%# The comment of this number that was handed in.
% needs :number
% gives :comment_id :found :state_now
% one SELECT id AS comment_id, number AS found, state AS state_now
%     FROM comment_received WHERE number = upper(:number)
% none
% fail refused there is no comment {number}
% end
