%# SPDX-License-Identifier: ISC
%#
%# The item of this number: its id, as in /shop/item/ID.
% needs :number
% gives :item_id :named :price_now :member_price_now :untitled
% one SELECT id AS item_id, coalesce(number || ' ', '') || title AS named,
%     price AS price_now, member_price AS member_price_now,
%     title = number AS untitled
%     FROM shop_item WHERE id = CAST(:number AS INTEGER)
%         AND :number NOT GLOB '*[^0-9]*'
% none
% fail refused there is no item {number}
% end
