%# SPDX-License-Identifier: ISC
%#
%# The order of this number.
% needs :number
% gives :order_id :found :state_now
% one SELECT id AS order_id, number AS found, state AS state_now
%     FROM shop_order WHERE number = upper(:number)
% none
% fail refused there is no order {number}
% end
