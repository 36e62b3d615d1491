-- SPDX-License-Identifier: ISC
--
-- Each item, a row for each field: `value` as it is shown and typed, `-` for
-- what is not there.
CREATE VIEW shop_item_fact AS
	SELECT i.id AS item_id, f.position, f.field, f.called, f.wanted,
		coalesce(CASE f.field WHEN 'kind' THEN i.kind
			WHEN 'number' THEN i.number
			WHEN 'title' THEN i.title
			WHEN 'format' THEN i.format
			WHEN 'language' THEN i.language
			WHEN 'pages' THEN CAST(i.pages AS TEXT)
			WHEN 'price' THEN yuan(i.price)
			WHEN 'member_price' THEN yuan(i.member_price)
			WHEN 'stock' THEN CAST(i.stock AS TEXT)
			WHEN 'lead_days' THEN CAST(i.lead_days AS TEXT)
			ELSE iif(i.on_sale, '是', '否') END, '-') AS value
	FROM shop_item i CROSS JOIN shop_item_field f;
