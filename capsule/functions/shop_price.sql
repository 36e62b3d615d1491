-- shop_price(item, account, day)
--
-- What one copy costs this account on this day, in 分; NULL: a quote tells it.
SELECT iif(shop_member(:account, :day), coalesce(member_price, price), price)
FROM shop_item WHERE id = :item
