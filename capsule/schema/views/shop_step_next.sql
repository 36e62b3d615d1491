-- SPDX-License-Identifier: ISC
--
-- Which state of an order follows which: `act` is the word in addresses,
-- `reader` 1 where the reader takes the step, too.
CREATE VIEW shop_step_next AS
	SELECT column1 AS state, column2 AS next, column3 AS act,
		column4 AS reader
	FROM (VALUES ('待报价', '已报价', 'quote', 0),
		('待报价', '缺货', 'short', 0),
		('待报价', '取消', 'cancel', 1),
		('已报价', '待汇款', 'accept', 1),
		('已报价', '待报价', 'again', 0),
		('已报价', '缺货', 'short', 0),
		('已报价', '取消', 'cancel', 1),
		('待汇款', '已发货', 'send', 0),
		('待汇款', '缺货', 'short', 0),
		('待汇款', '取消', 'cancel', 1),
		('已发货', '完成', 'finish', 1));
