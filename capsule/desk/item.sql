%# SPDX-License-Identifier: ISC
%#
%# Items of the shop; NUMBER is that of the item, as in /shop/item/9.
% read list [kind]: all items, those that are not offered too; or those of a KIND
% if :kind IS NOT NULL AND :kind NOT IN ('国内标准', '国外标准', '图书')
% fail refused no kind {kind}: it is 国内标准, 国外标准 or 图书
% end
% table SELECT id AS number, kind, number AS standard, title, format, language,
%      yuan(price) AS price, stock, iif(on_sale, '', '下架') AS off
%      FROM shop_item WHERE :kind IS NULL OR kind = :kind
%      ORDER BY kind, number, title, id LIMIT 5000 /* scan */

% read show number: an item, each field with what it may be
% include _item.sql
% table SELECT field, value, called, wanted FROM shop_item_fact
%      WHERE item_id = :item_id ORDER BY position

% write add kind name: an item that is not offered yet: NAME is a number of a standard or a title
% one SELECT iif(:kind = '图书', 'title', 'number') AS field
% one SELECT nullif(shop_fact(:field, :name), '') AS said
% if :kind NOT IN ('国内标准', '国外标准', '图书')
% fail refused no kind {kind}: it is 国内标准, 国外标准 or 图书
% elif :said IS NULL
% fail refused {name} is not a {field} of an item
% end
% one SELECT iif(:field = 'number', :said, NULL) AS standard,
%     std_key(iif(:field = 'number', :said, NULL)) AS standard_key
% do INSERT INTO shop_item (kind, standard_key, number, title, format, language,
%        on_sale)
%    SELECT :kind, :standard_key, :standard, coalesce((SELECT substr(name, 1, 200)
%            FROM standard WHERE key = :standard_key AND name <> ''), :said),
%        '纸质', iif(:kind = '国外标准', '英文', '中文'), 0
%    RETURNING id AS made
item {made}: {said}; set on_sale 是 when it is complete

% write set number field value: change one FIELD of those that `show` lists; 无 empties it
% include _item.sql
% one SELECT (SELECT value FROM shop_item_fact WHERE item_id = :item_id
%     AND field = :field) AS before,
%     (SELECT wanted FROM shop_item_field WHERE field = :field) AS wanted,
%     shop_fact(:field, :value) AS stored
% if :before IS NULL
% fail refused no field {field}; `show` lists them
% elif :stored IS NULL
% fail refused {value} is not a {field}: {wanted}
% elif :field = 'member_price' AND :stored <> ''
%     AND (:price_now IS NULL OR :stored + 0 > :price_now)
% fail refused a price for members is not above the price
% elif :field = 'price' AND :stored <> '' AND :stored + 0 < :member_price_now
% fail refused the price for members is above {value}; set member_price first
% elif :field = 'on_sale' AND :stored = '1' AND :untitled
% fail refused the title of item {item_id} is its number still; set title first
% end
% do INSERT INTO shop_item_change (item_id, field, value, key)
%    VALUES (:item_id, :field, nullif(:stored, ''),
%        std_key(nullif(:stored, '')))
% one SELECT value AS after FROM shop_item_fact
%     WHERE item_id = :item_id AND field = :field
item {item_id}: {field} {before}, now {after}
