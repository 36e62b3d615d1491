-- SPDX-License-Identifier: ISC
--
-- The steps and notes of an order stay as they were. They go only with the
-- order, and that with its account or by the night.
CREATE TRIGGER shop_order_step_insert BEFORE INSERT ON shop_order_step
WHEN EXISTS (SELECT 1 FROM shop_order_step WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER shop_order_step_update BEFORE UPDATE ON shop_order_step
BEGIN
	SELECT raise(ABORT, 'a step is never rewritten');
END;

CREATE TRIGGER shop_order_step_delete BEFORE DELETE ON shop_order_step
WHEN EXISTS (SELECT 1 FROM shop_order WHERE id = OLD.order_id)
BEGIN
	SELECT raise(ABORT, 'a step is never removed');
END;

CREATE TRIGGER shop_order_note_insert BEFORE INSERT ON shop_order_note
WHEN EXISTS (SELECT 1 FROM shop_order_note WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER shop_order_note_update BEFORE UPDATE ON shop_order_note
BEGIN
	SELECT raise(ABORT, 'a note is never rewritten');
END;

CREATE TRIGGER shop_order_note_delete BEFORE DELETE ON shop_order_note
WHEN EXISTS (SELECT 1 FROM shop_order WHERE id = OLD.order_id)
BEGIN
	SELECT raise(ABORT, 'a note is never removed');
END;

-- An order goes from state to state as shop_step_next says; a quote has all
-- its prices.
CREATE TRIGGER shop_order_step_next BEFORE INSERT ON shop_order_step
WHEN NOT EXISTS (SELECT 1 FROM shop_order o WHERE o.id = NEW.order_id
	AND (o.state = NEW.state OR EXISTS (SELECT 1 FROM shop_step_next
		WHERE state = o.state AND next = NEW.state)))
BEGIN
	SELECT raise(ABORT, 'no such step from this state');
END;

CREATE TRIGGER shop_order_step_quote BEFORE INSERT ON shop_order_step
WHEN NEW.state = '已报价' AND (EXISTS (SELECT 1 FROM shop_order
		WHERE id = NEW.order_id AND freight IS NULL)
	OR EXISTS (SELECT 1 FROM shop_order_line
		WHERE order_id = NEW.order_id AND price IS NULL))
BEGIN
	SELECT raise(ABORT, 'a quote has all prices and the freight');
END;

-- What is sent is no longer in stock. A reader who cancels takes the contact
-- back.
CREATE TRIGGER shop_order_step_state AFTER INSERT ON shop_order_step
BEGIN
	UPDATE shop_item SET stock = max(0, stock - (SELECT sum(quantity)
		FROM shop_order_line WHERE order_id = NEW.order_id
		AND item_id = shop_item.id))
		WHERE stock IS NOT NULL AND NEW.state = '已发货'
		AND (SELECT state FROM shop_order WHERE id = NEW.order_id)
			<> '已发货'
		AND id IN (SELECT item_id FROM shop_order_line
			WHERE order_id = NEW.order_id);
	UPDATE shop_order SET state = NEW.state,
		due = CASE WHEN NEW.state = state AND due IS NOT NULL THEN due
			WHEN NEW.state = '待报价'
				THEN date(local_day(NEW.created), '+3 days')
			WHEN NEW.state IN ('已报价', '待汇款')
				THEN date(local_day(NEW.created), '+15 days')
			WHEN NEW.state = '已发货'
				THEN date(local_day(NEW.created), '+30 days')
			END,
		contact = CASE WHEN NEW.state = '取消' AND NEW.name = '读者'
			THEN NULL ELSE contact END
		WHERE id = NEW.order_id;
END;

CREATE TRIGGER shop_order_update BEFORE UPDATE ON shop_order
WHEN (OLD.id, OLD.number, OLD.account_id, OLD.unit, OLD.delivery, OLD.member,
		OLD.created, OLD.invoice_title, OLD.invoice_number)
	IS NOT (NEW.id, NEW.number, NEW.account_id, NEW.unit, NEW.delivery,
		NEW.member, NEW.created, NEW.invoice_title, NEW.invoice_number)
	OR (NEW.freight IS NOT OLD.freight AND OLD.state <> '待报价')
	OR NEW.state IS NOT (SELECT state FROM shop_order_step
		WHERE order_id = NEW.id ORDER BY id DESC LIMIT 1)
BEGIN
	SELECT raise(ABORT, 'an order is not rewritten');
END;

-- The price of a line can be quoted while the order waits for it, and is then
-- what it was.
CREATE TRIGGER shop_order_line_update BEFORE UPDATE ON shop_order_line
WHEN (OLD.id, OLD.order_id, OLD.item_id, OLD.name, OLD.format, OLD.language,
		OLD.status, OLD.quantity)
	IS NOT (NEW.id, NEW.order_id, NEW.item_id, NEW.name, NEW.format,
		NEW.language, NEW.status, NEW.quantity)
	OR (SELECT state FROM shop_order WHERE id = OLD.order_id) <> '待报价'
BEGIN
	SELECT raise(ABORT, 'a line is not rewritten');
END;

CREATE TRIGGER shop_order_line_delete BEFORE DELETE ON shop_order_line
WHEN EXISTS (SELECT 1 FROM shop_order WHERE id = OLD.order_id)
BEGIN
	SELECT raise(ABORT, 'a line is never removed');
END;

-- INSERT INTO shop_item_change VALUES (item, field, value, key): a field of an
-- item gets the value that shop_fact() gave, NULL for an empty one; `key` goes
-- with a number. Who has no price has no price for members.
CREATE VIEW shop_item_change (item_id, field, value, key) AS
	SELECT 0, '', '', '' WHERE 0;

CREATE TRIGGER shop_item_changed INSTEAD OF INSERT ON shop_item_change
BEGIN
	UPDATE shop_item SET
		kind = iif(NEW.field = 'kind', NEW.value, kind),
		number = iif(NEW.field = 'number', NEW.value, number),
		standard_key = iif(NEW.field = 'number', NEW.key, standard_key),
		title = iif(NEW.field = 'title', NEW.value, title),
		format = iif(NEW.field = 'format', NEW.value, format),
		language = iif(NEW.field = 'language', NEW.value, language),
		pages = iif(NEW.field = 'pages', NEW.value, pages),
		price = iif(NEW.field = 'price', NEW.value, price),
		member_price = CASE WHEN NEW.field = 'member_price' THEN NEW.value
			WHEN NEW.field = 'price' AND NEW.value IS NULL THEN NULL
			ELSE member_price END,
		stock = iif(NEW.field = 'stock', NEW.value, stock),
		lead_days = iif(NEW.field = 'lead_days', NEW.value, lead_days),
		on_sale = iif(NEW.field = 'on_sale', NEW.value, on_sale)
	WHERE id = NEW.item_id;
END;

-- An order that was accepted is kept when its account is deleted, for ten years
-- from its last step: without who ordered, where it went and what was remarked.
-- The title of an invoice is that of a unit where there is a 税号.
CREATE TRIGGER shop_order_kept BEFORE DELETE ON shop_order
WHEN OLD.state IN ('待汇款', '已发货', '完成')
	AND (SELECT max(created) FROM shop_order_step WHERE order_id = OLD.id)
		>= unixepoch() - 3653 * 86400
BEGIN
	INSERT INTO kept_order (id, number, state, created, settled, freight,
		invoice_title, invoice_number, kept)
	SELECT OLD.id, OLD.number, OLD.state, OLD.created, max(created),
		OLD.freight,
		iif(OLD.invoice_number IS NULL, NULL, OLD.invoice_title),
		OLD.invoice_number, unixepoch()
	FROM shop_order_step WHERE order_id = OLD.id;
	INSERT INTO kept_order_line (id, order_id, name, format, quantity, price)
	SELECT id, order_id, name, format, quantity, price
	FROM shop_order_line WHERE order_id = OLD.id ORDER BY id;
END;

CREATE TRIGGER kept_order_insert BEFORE INSERT ON kept_order
WHEN EXISTS (SELECT 1 FROM kept_order WHERE id = NEW.id OR number = NEW.number)
BEGIN
	SELECT raise(ABORT, 'an order that is kept is not rewritten');
END;

CREATE TRIGGER kept_order_update BEFORE UPDATE ON kept_order
BEGIN
	SELECT raise(ABORT, 'an order that is kept is not rewritten');
END;

CREATE TRIGGER kept_order_delete BEFORE DELETE ON kept_order
WHEN OLD.settled >= unixepoch() - 3653 * 86400
BEGIN
	SELECT raise(ABORT, 'an order is kept for ten years');
END;

CREATE TRIGGER kept_order_line_insert BEFORE INSERT ON kept_order_line
WHEN EXISTS (SELECT 1 FROM kept_order_line WHERE id = NEW.id)
BEGIN
	SELECT raise(ABORT, 'an order that is kept is not rewritten');
END;

CREATE TRIGGER kept_order_line_update BEFORE UPDATE ON kept_order_line
BEGIN
	SELECT raise(ABORT, 'an order that is kept is not rewritten');
END;

CREATE TRIGGER kept_order_line_delete BEFORE DELETE ON kept_order_line
WHEN EXISTS (SELECT 1 FROM kept_order WHERE id = OLD.order_id)
BEGIN
	SELECT raise(ABORT, 'an order that is kept is not rewritten');
END;
