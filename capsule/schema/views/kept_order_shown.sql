-- SPDX-License-Identifier: ISC
--
-- An order whose account was deleted, with its sums in yuan.
CREATE VIEW kept_order_shown AS
	SELECT o.id, o.number, o.state, local_day(o.created) AS day,
		local_day(o.settled) AS settled, local_day(o.kept) AS kept,
		date(local_day(o.settled), '+10 years') AS until,
		o.invoice_title, o.invoice_number, yuan(o.freight) AS freight,
		yuan((SELECT sum(quantity * price) FROM kept_order_line
			WHERE order_id = o.id) + o.freight) AS total
	FROM kept_order o;
