-- shop_status(item, day)
--
-- The status of an item's edition on this day; NULL for what is not a standard
-- and for a standard that the catalogue does not have.
SELECT status_on(s.id, :day) FROM shop_item i
JOIN standard s ON s.key = i.standard_key WHERE i.id = :item
