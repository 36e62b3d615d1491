-- lines_allowed(cert)
--
-- How many lines a list may have: fewer without a certificate, since a reader
-- who cannot be told apart from others cannot be limited apart from them.
SELECT iif(:cert IS NULL, 500, 5000)
