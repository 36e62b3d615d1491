%# SPDX-License-Identifier: ISC
%#
%# The message of this number, in any case.
% needs :number
% gives :message_id :found :state_now
% one SELECT id AS message_id, number AS found,
%     state AS state_now FROM message
%     WHERE number = upper(:number)
% none
% fail refused there is no message {number}
% end
