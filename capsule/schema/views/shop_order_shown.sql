-- SPDX-License-Identifier: ISC
--
-- An order with its sums: `open`, how many lines have no price yet; `total`
-- with the freight, NULL before both are known.
CREATE VIEW shop_order_shown AS
	SELECT o.id, o.number, o.account_id, o.unit, o.delivery, o.remark,
		o.member, o.created, o.due, o.state,
		o.invoice_title, o.invoice_number,
		o.contact IS NOT NULL AS has_contact,
		(SELECT sum(price IS NULL) FROM shop_order_line
			WHERE order_id = o.id) AS open,
		yuan(o.freight) AS freight,
		yuan((SELECT iif(sum(price IS NULL) = 0,
				sum(quantity * price), NULL) FROM shop_order_line
			WHERE order_id = o.id) + o.freight) AS total,
		(SELECT count(*) FROM shop_order_line
			WHERE order_id = o.id) AS lines
	FROM shop_order o;
