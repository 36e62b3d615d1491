-- SPDX-License-Identifier: ISC
--
-- An item that is offered, as pages want it.
CREATE VIEW shop_item_shown AS
	SELECT id, kind, standard_key, number, title, format, language, pages,
		price, member_price, stock, lead_days,
		coalesce(number || ' ', '') || title AS name,
		coalesce(yuan(price) || ' 元', '询价') AS cost,
		yuan(member_price) || ' 元' AS member_cost,
		CASE WHEN format = '电子授权' THEN
				coalesce('约 ' || lead_days || ' 天发送', '代购')
			WHEN stock > 0 THEN '现货 ' || stock || ' 份'
			ELSE iif(stock = 0, '缺货', '代购')
			|| coalesce('，约 ' || lead_days || ' 天到货', '')
			END AS supply
	FROM shop_item WHERE on_sale = 1;
