-- SPDX-License-Identifier: ISC
--
-- What the shop stores of a reader, as lines for that reader (data_line).
CREATE VIEW data_shop (account_id, section, place, line) AS
	SELECT account_id, 40, 1, format('%s, %s, %s, %s, %s, %s', unit, contact,
		delivery, remark, invoice_title, invoice_number)
	FROM basket
	UNION ALL
	SELECT l.account_id, 41, l.item_id, format('%s%s, %d',
		coalesce(i.number || ' ', ''), i.title, l.quantity)
	FROM basket_line l JOIN shop_item i ON i.id = l.item_id
	UNION ALL
	SELECT account_id, 42, id, format('%s, %s, %s, %s, %s, %s, %s, %s, %s',
		number, state, unit, contact, delivery, remark, yuan(freight),
		invoice_title, invoice_number)
	FROM shop_order
	UNION ALL
	SELECT o.account_id, 43, l.id, format('%s, %s, %s, %s, %s, %d, %s',
		o.number, l.name, l.format, l.language, l.status, l.quantity,
		yuan(l.price))
	FROM shop_order o JOIN shop_order_line l ON l.order_id = o.id
	UNION ALL
	SELECT o.account_id, 44, s.id, format('%s, %s, %s, %s, %s', o.number,
		local_time(s.created), s.name, s.state, s.note)
	FROM shop_order o JOIN shop_order_step s ON s.order_id = o.id;
