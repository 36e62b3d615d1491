-- SPDX-License-Identifier: ISC
--
-- The last number that was given in a year. An order, an application and a
-- registration go with their account; their numbers, which others may have
-- noted, are not given again. triggers/numbers.sql counts.
CREATE TABLE number_given (
	kind TEXT NOT NULL CHECK (kind IN ( -- of what:
		'DG',  -- shop_order
		'RH',  -- application
		'BM')), -- registration
	year INTEGER NOT NULL, -- as in the number
	last INTEGER NOT NULL, -- the highest serial number; it only grows
	PRIMARY KEY (kind, year)
) STRICT, WITHOUT ROWID;

INSERT INTO number_given (kind, year, last)
	SELECT 'DG', year, max(serial) FROM shop_order GROUP BY year
	UNION ALL SELECT 'RH', year, max(serial) FROM application GROUP BY year
	UNION ALL SELECT 'BM', year, max(serial) FROM registration GROUP BY year;
