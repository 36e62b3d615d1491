%# SPDX-License-Identifier: ISC
%#
%# Orders of the shop; NUMBER is DG2026-0001, money is in yuan.
% read list [state]: orders that wait, the overdue first; or those in a STATE
% if :state IS NULL
% table SELECT number, unit, state, due, CASE WHEN due < :today THEN '超期'
%          ELSE '' END AS late, lines, total
%      FROM shop_order_shown
%      WHERE state IN ('待报价', '已报价', '待汇款', '已发货')
%      ORDER BY due, id
% elif :state NOT IN ('待报价', '已报价', '待汇款', '已发货', '完成', '取消',
%     '缺货')
% fail refused no state {state}: it is 待报价, 已报价, 待汇款, 已发货, 完成, 取消 or 缺货
% else
% table SELECT number, unit, due, lines, total FROM shop_order_shown
%      WHERE state = :state ORDER BY id DESC LIMIT 200 /* scan */
% end

% read show number: an order with its lines and internal notes
% include _order.sql
% record SELECT number, unit, delivery, remark, invoice_title, invoice_number,
%      CASE member WHEN 1 THEN '会员' ELSE '' END AS member, state, due,
%      freight, total
%      FROM shop_order_shown WHERE id = :order_id
% table SELECT row_number() OVER (ORDER BY id) AS line, name, format, language,
%      status, quantity, yuan(price) AS price
%      FROM shop_order_line WHERE order_id = :order_id ORDER BY id
% record SELECT local_time(created) AS at, name, state, note
%      FROM shop_order_step WHERE order_id = :order_id ORDER BY id
% if EXISTS (SELECT 1 FROM shop_order_note WHERE order_id = :order_id)
% record SELECT local_time(created) AS at, name, note AS internal_note
%      FROM shop_order_note WHERE order_id = :order_id ORDER BY id
% end

% read kept [number]: orders whose accounts were deleted, or one of them with its lines
% if :number IS NULL
% table SELECT number, state, day, kept, until, total FROM kept_order_shown
%      ORDER BY id DESC LIMIT 1000
% else
% one SELECT id AS kept_id FROM kept_order WHERE number = upper(:number)
% none
% fail refused no order {number} is kept without its account
% end
% record SELECT number, state, day, settled, kept, until, invoice_title,
%      invoice_number, freight, total FROM kept_order_shown WHERE id = :kept_id
% table SELECT name, format, quantity, yuan(price) AS price
%      FROM kept_order_line WHERE order_id = :kept_id ORDER BY id
% end

% write answer number text: say something to the reader; the state stays
% include _order.sql
% include _answer.sql
% do INSERT INTO shop_order_step (order_id, created, name, state, note)
%    VALUES (:order_id, :now, '书店', :state_now, :said)
{found}: answered

% write price number line yuan: the price of one copy in a line, before the quote
% include _order.sql
% one SELECT fen(:yuan) AS amount
% if :state_now <> '待报价'
% fail refused {found} is {state_now}: its prices stay; set it 待报价 first
% elif :amount IS NULL
% fail refused {yuan} is not an amount in yuan, such as 76.00
% end
% one SELECT line_id FROM (SELECT id AS line_id,
%         row_number() OVER (ORDER BY id) AS line
%         FROM shop_order_line WHERE order_id = :order_id)
%     WHERE line = CAST(:line AS INTEGER)
% none
% fail refused {found} has no line {line}
% end
% do UPDATE shop_order_line SET price = :amount WHERE id = :line_id
{found}: line {line} costs {yuan}

% write freight number yuan: what sending costs, before the quote
% include _order.sql
% one SELECT fen(:yuan) AS amount
% if :state_now <> '待报价'
% fail refused {found} is {state_now}: its prices stay; set it 待报价 first
% elif :amount IS NULL
% fail refused {yuan} is not an amount in yuan, such as 12.00
% end
% do UPDATE shop_order SET freight = :amount WHERE id = :order_id
{found}: freight {yuan}

% write set number state note: 已报价, 待汇款, 已发货, 完成, 取消, 缺货, or 待报价 to quote again
% include _order.sql
% if NOT EXISTS (SELECT 1 FROM shop_step_next
%     WHERE state = :state_now AND next = :state)
% one SELECT group_concat(next, ', ') AS others FROM shop_step_next
%     WHERE state = :state_now
% if :others IS NULL
% fail refused {found} is {state_now} already
% end
% fail refused {found} is {state_now}; what can follow is {others}
% elif length(text_clean(:note)) NOT BETWEEN 2 AND 500
% fail refused a note has 2 to 500 characters
% elif :state = '已报价' AND EXISTS (SELECT 1 FROM shop_order_shown
%     WHERE id = :order_id AND total IS NULL)
% fail refused {found} lacks the price of a line or the freight
% end
% do INSERT INTO shop_order_step (order_id, created, name, state, note)
%    VALUES (:order_id, :now, '书店', :state, text_clean(:note))
{found}: {state}

% write contact number why: show where an order is sent; the reading is logged
% include _order.sql
% one SELECT contact FROM shop_order WHERE id = :order_id
% include _why.sql
% do INSERT INTO shop_order_note (order_id, created, name, note)
%    VALUES (:order_id, :now, :who, substr('查看收件信息：'
%        || :reason, 1, 2000))
% record SELECT :found AS number, :contact AS contact

% write note number text: add an internal note, which no reader reads
% include _order.sql
% include _note.sql
% do INSERT INTO shop_order_note (order_id, created, name, note)
%    VALUES (:order_id, :now, :who, :noted)
{found}: noted
