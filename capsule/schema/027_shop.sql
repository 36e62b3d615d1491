-- SPDX-License-Identifier: ISC
--
-- 网上书店: what is sold, a reader's basket, and orders. An order is an enquiry
-- that is quoted; nothing is paid here. Money is in 分, a hundredth of a yuan.
-- A basket and an order belong to a reader's account and go with it.

CREATE TABLE shop_item (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- in the address: /shop/item/ID
	kind TEXT NOT NULL -- where it stands in the shop
		CHECK (kind IN ('国内标准', '国外标准', '图书')),
	standard_key TEXT, -- of the edition, as standard.key, which may be absent
		-- there; NULL: not a standard
	number TEXT, -- 'GB/T 1.1-2020', as it is printed; NULL: not a standard
	title TEXT NOT NULL -- of the standard or the book
		CHECK (length(title) BETWEEN 1 AND 200),
	format TEXT NOT NULL -- what is delivered
		CHECK (format IN ('纸质', '电子授权')),
	language TEXT NOT NULL -- 中文, 英文: a word for the reader
		CHECK (length(language) BETWEEN 1 AND 20),
	pages INTEGER CHECK (pages > 0), -- how many; NULL: not known
	price INTEGER CHECK (price >= 0), -- 分; NULL: told by a quote
	member_price INTEGER -- 分, for members of the association; NULL: as price
		CHECK (member_price BETWEEN 0 AND price),
	stock INTEGER CHECK (stock >= 0), -- copies; NULL: procured when ordered
	lead_days INTEGER CHECK (lead_days >= 0), -- days until it is sent, if it
		-- is not in stock; NULL: not known
	on_sale INTEGER NOT NULL DEFAULT 1 -- 0: no longer offered
		CHECK (on_sale IN (0, 1)),
	sample INTEGER NOT NULL DEFAULT 0 CHECK (sample IN (0, 1)), -- 1: 示例
	CHECK ((standard_key IS NULL) = (number IS NULL))
) STRICT;
CREATE INDEX shop_item_standard ON shop_item (standard_key, id);
CREATE INDEX shop_item_kind ON shop_item (kind, on_sale, number, title, id);

-- What an account is about to order.
CREATE TABLE basket (
	account_id INTEGER PRIMARY KEY -- whose it is
		REFERENCES account (id) ON DELETE CASCADE,
	unit TEXT -- 订购单位, or the reader's name
		CHECK (length(unit) BETWEEN 2 AND 60),
	contact TEXT -- where it is sent and one way to reach the reader
		CHECK (length(contact) BETWEEN 4 AND 200),
	delivery TEXT -- 收件方式
		CHECK (delivery IN ('邮寄', '快递', '自取', '电子发送')),
	remark TEXT -- for the shop, such as the title of the invoice
		CHECK (length(remark) BETWEEN 2 AND 300),
	touched INTEGER NOT NULL -- when it was changed, seconds since 1970
) STRICT;
CREATE INDEX basket_touched ON basket (touched);

CREATE TABLE basket_line (
	account_id INTEGER NOT NULL -- whose basket
		REFERENCES basket (account_id) ON DELETE CASCADE,
	item_id INTEGER NOT NULL REFERENCES shop_item (id), -- what
	quantity INTEGER NOT NULL -- copies
		CHECK (quantity BETWEEN 1 AND 999),
	old_edition INTEGER NOT NULL DEFAULT 0 -- 1: the reader wants it although
		-- it is no longer in force
		CHECK (old_edition IN (0, 1)),
	PRIMARY KEY (account_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX basket_line_item ON basket_line (item_id);

CREATE TABLE shop_order (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- for its lines and steps
	year INTEGER NOT NULL, -- in which it was made, in the portal's zone
	serial INTEGER NOT NULL, -- from 1 in each year
	number TEXT NOT NULL UNIQUE -- 订单号, in the address
		CHECK (number = format('DG%d-%04d', year, serial)),
	account_id INTEGER NOT NULL -- whose it is
		REFERENCES account (id) ON DELETE CASCADE,
	unit TEXT NOT NULL -- 订购单位, or the reader's name
		CHECK (length(unit) BETWEEN 2 AND 60),
	contact TEXT -- as in basket; only editors read it, and each reading is
		-- logged; NULL: erased
		CHECK (length(contact) BETWEEN 4 AND 200),
	delivery TEXT NOT NULL -- 收件方式
		CHECK (delivery IN ('邮寄', '快递', '自取', '电子发送')),
	remark TEXT -- of the reader, for the shop
		CHECK (length(remark) BETWEEN 2 AND 300),
	member INTEGER NOT NULL -- 1: a member of the association on that day
		CHECK (member IN (0, 1)),
	freight INTEGER CHECK (freight >= 0), -- 运费, 分; NULL: not quoted yet
	created INTEGER NOT NULL, -- seconds since 1970
	due TEXT -- 待报价: the day by which it is quoted; 已报价, 待汇款: the last
		-- day of the quote; 已发货: the day by which it has come; NULL:
		-- settled
		CHECK (due IS date(due, '+0 days')),
	state TEXT NOT NULL DEFAULT '待报价' -- that of its last step
		CHECK (state IN ('待报价', '已报价', '待汇款', '已发货', '完成',
			'取消', '缺货')),
	UNIQUE (year, serial)
) STRICT;
CREATE INDEX shop_order_account ON shop_order (account_id, id);
CREATE INDEX shop_order_open ON shop_order (due, id)
	WHERE state IN ('待报价', '已报价', '待汇款', '已发货');
CREATE INDEX shop_order_contact ON shop_order (id) WHERE contact IS NOT NULL;

-- A line keeps what the item was on the day of the order.
CREATE TABLE shop_order_line (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the lines
	order_id INTEGER NOT NULL -- the order
		REFERENCES shop_order (id) ON DELETE CASCADE,
	item_id INTEGER NOT NULL REFERENCES shop_item (id), -- what was ordered
	name TEXT NOT NULL, -- its number and title on that day
	format TEXT NOT NULL, -- 纸质, 电子授权
	language TEXT NOT NULL, -- 中文, 英文
	status TEXT, -- of the edition on that day: 现行, 被代替 ...; NULL: not a
		-- standard, or not in the catalogue
	quantity INTEGER NOT NULL -- copies
		CHECK (quantity BETWEEN 1 AND 999),
	price INTEGER CHECK (price >= 0) -- 分 for one, of that day or as it was
		-- quoted; NULL: not quoted yet
) STRICT;
CREATE INDEX shop_order_line_order ON shop_order_line (order_id, id);
CREATE INDEX shop_order_line_item ON shop_order_line (item_id);

-- What became of it, for the reader. A step is never rewritten.
CREATE TABLE shop_order_step (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the steps
	order_id INTEGER NOT NULL -- the order
		REFERENCES shop_order (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who: 读者, or 书店
	state TEXT NOT NULL -- what it is from here on
		CHECK (state IN ('待报价', '已报价', '待汇款', '已发货', '完成',
			'取消', '缺货')),
	note TEXT -- for the reader
		CHECK (length(note) BETWEEN 2 AND 500)
) STRICT;
CREATE INDEX shop_order_step_order ON shop_order_step (order_id, id);

-- What the staff notes about an order, for itself.
CREATE TABLE shop_order_note (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- orders the notes
	order_id INTEGER NOT NULL -- the order
		REFERENCES shop_order (id) ON DELETE CASCADE,
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who has noted it, as in editor_act
	note TEXT NOT NULL -- one text, with line ends
		CHECK (length(note) BETWEEN 2 AND 2000)
) STRICT;
CREATE INDEX shop_order_note_order ON shop_order_note (order_id, id);
