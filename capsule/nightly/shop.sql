-- SPDX-License-Identifier: ISC
--
-- A basket that nobody has touched for 90 days goes. A quote that nobody has
-- taken or paid 30 days after its last day is cancelled; what was sent is done
-- on the day by which it has come. Of an order that is settled the contact is
-- erased 30 days after its last step, when nothing can be sent back any more;
-- the order itself goes after ten years, and so does what is kept of one whose
-- account was deleted.
-- /* in portions */
DELETE FROM basket WHERE account_id IN (SELECT account_id FROM basket
	WHERE touched < unixepoch() - 90 * 86400 ORDER BY touched LIMIT 100);
INSERT INTO shop_order_step (order_id, created, name, state, note)
SELECT id, unixepoch(), '书店', '取消', '报价过期 30 天，自动取消'
FROM shop_order INDEXED BY shop_order_open
WHERE state IN ('待报价', '已报价', '待汇款', '已发货')
	AND state IN ('已报价', '待汇款')
	AND due < date(local_day(unixepoch()), '-30 days')
ORDER BY due, id LIMIT 1000;
INSERT INTO shop_order_step (order_id, created, name, state, note)
SELECT id, unixepoch(), '书店', '完成', '发货 30 天，自动完成'
FROM shop_order INDEXED BY shop_order_open
WHERE state IN ('待报价', '已报价', '待汇款', '已发货')
	AND state = '已发货' AND due < local_day(unixepoch())
ORDER BY due, id LIMIT 1000;
UPDATE shop_order SET contact = NULL WHERE id IN (
	SELECT id FROM shop_order o INDEXED BY shop_order_contact
	WHERE contact IS NOT NULL AND state IN ('完成', '取消', '缺货')
	AND (SELECT max(created) FROM shop_order_step WHERE order_id = o.id)
		< unixepoch() - 30 * 86400
	ORDER BY id LIMIT 1000);
DELETE FROM shop_order WHERE id IN (
	SELECT id FROM shop_order o
	WHERE created < unixepoch() - 3653 * 86400
	AND state IN ('完成', '取消', '缺货')
	AND (SELECT max(created) FROM shop_order_step WHERE order_id = o.id)
		< unixepoch() - 3653 * 86400
	ORDER BY id LIMIT 100);
DELETE FROM kept_order WHERE id IN (SELECT id FROM kept_order
	WHERE settled < unixepoch() - 3653 * 86400 ORDER BY settled LIMIT 100);
