-- basket_digest(account, day)
--
-- A short name for all that a reader is shown before a basket is submitted: its
-- facts, and each line with the price and the status of this day.
SELECT substr(sha256((SELECT json_array(unit, contact, delivery, remark,
		invoice_title, invoice_number) FROM basket WHERE account_id = :account)
	|| '/' || (SELECT json_group_array(json_array(item_id, quantity, old_edition,
		price, status)) FROM (SELECT item_id, quantity, old_edition,
			shop_price(item_id, :account, :day) AS price,
			shop_status(item_id, :day) AS status FROM basket_line
			WHERE account_id = :account ORDER BY item_id))), 1, 16)
