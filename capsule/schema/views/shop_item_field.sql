-- SPDX-License-Identifier: ISC
--
-- What editors can change of an item: `field` is the word in addresses and at
-- the desk, `wanted` says what it may be. shop_fact() reads what was typed.
CREATE VIEW shop_item_field (position, field, called, wanted) AS VALUES
	(1, 'kind', '类别', '国内标准、国外标准，或者图书'),
	(2, 'number', '标准号', '例如 GB/T 1.1-2020；图书没有，输入“无”'),
	(3, 'title', '名称', '1 到 200 个字'),
	(4, 'format', '形式', '纸质，或者电子授权'),
	(5, 'language', '语种', '例如 中文、英文，1 到 20 个字'),
	(6, 'pages', '页数', '整数；不知道，输入“无”'),
	(7, 'price', '价格', '每份多少元，例如 76 或者 76.50；询价，输入“无”'),
	(8, 'member_price', '会员价', '每份多少元，不高于价格；没有，输入“无”'),
	(9, 'stock', '存量', '现有几份，0 是缺货；代购，输入“无”'),
	(10, 'lead_days', '到货天数', '没有现货时约几天；不知道，输入“无”'),
	(11, 'on_sale', '在售', '是，或者否（下架）');
