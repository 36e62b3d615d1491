-- SPDX-License-Identifier: ISC
--
-- What an invoice says is a fact of its own. What the law on taxes wants kept
-- of an order outlives the reader's account: the goods, the sums, and the unit
-- that the invoice is made out to. Nothing of it tells a person.

ALTER TABLE basket ADD COLUMN invoice_title TEXT -- 发票抬头; NULL: not said
	CHECK (length(invoice_title) BETWEEN 2 AND 60);
ALTER TABLE basket ADD COLUMN invoice_number TEXT -- 税号; NULL: not said
	CHECK (length(invoice_number) BETWEEN 15 AND 20
		AND invoice_number NOT GLOB '*[^0-9A-Z]*');
ALTER TABLE shop_order ADD COLUMN invoice_title TEXT -- as in basket
	CHECK (length(invoice_title) BETWEEN 2 AND 60);
ALTER TABLE shop_order ADD COLUMN invoice_number TEXT -- as in basket
	CHECK (length(invoice_number) BETWEEN 15 AND 20
		AND invoice_number NOT GLOB '*[^0-9A-Z]*');

-- An order whose account was deleted (triggers/shop.sql).
CREATE TABLE kept_order (
	id INTEGER PRIMARY KEY CHECK (id > 0), -- that of the order
	number TEXT NOT NULL UNIQUE, -- 订单号
	state TEXT NOT NULL -- its last one
		CHECK (state IN ('待汇款', '已发货', '完成')),
	created INTEGER NOT NULL, -- when it was made, seconds since 1970
	settled INTEGER NOT NULL, -- its last step, seconds since 1970; the ten
		-- years count from here
	freight INTEGER NOT NULL CHECK (freight >= 0), -- 运费, 分
	invoice_title TEXT, -- of a unit; NULL: none, or a person's
	invoice_number TEXT, -- 税号 of the unit
	kept INTEGER NOT NULL -- when the account was deleted, seconds since 1970
) STRICT;
CREATE INDEX kept_order_settled ON kept_order (settled);

CREATE TABLE kept_order_line (
	id INTEGER PRIMARY KEY CHECK (id > 0), -- that of the line
	order_id INTEGER NOT NULL -- the order
		REFERENCES kept_order (id) ON DELETE CASCADE,
	name TEXT NOT NULL, -- number and title on the day of the order
	format TEXT NOT NULL, -- 纸质, 电子授权
	quantity INTEGER NOT NULL, -- copies
	price INTEGER NOT NULL -- 分 for one
) STRICT;
CREATE INDEX kept_order_line_order ON kept_order_line (order_id, id);
