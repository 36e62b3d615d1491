-- yuan(fen)
--
-- An amount in 分 as yuan, '76.00'; NULL for NULL.
SELECT iif(:fen IS NULL, NULL, format('%d.%02d', :fen / 100, :fen % 100))
