-- fen(yuan)
--
-- What somebody typed as yuan, '76', '76.5', '1200.00', in 分; NULL for what is
-- not an amount up to 999999.99.
SELECT CASE WHEN :yuan GLOB '[0-9]*' AND :yuan NOT GLOB '*[^0-9.]*'
	AND :yuan NOT GLOB '*.*.*' AND :yuan NOT GLOB '*.'
	AND :yuan NOT GLOB '*.???*'
	AND :yuan + 0 < 1000000 AND length(:yuan) <= 9
	THEN CAST(round(:yuan * 100) AS INTEGER) END
