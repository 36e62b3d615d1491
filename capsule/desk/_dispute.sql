%# SPDX-License-Identifier: ISC
%#
%# The dispute of this number.
% needs :number
% gives :dispute_id :state_now
% one SELECT id AS dispute_id, state AS state_now FROM status_dispute
%     WHERE id = :number
% none
% fail refused there is no dispute {number}
% end
