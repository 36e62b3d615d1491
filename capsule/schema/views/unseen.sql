-- SPDX-License-Identifier: ISC
--
-- What nobody sees: controls, blanks of all widths, marks without a shape. SQL
-- of its own, so that any sqlite3 can change an article.
CREATE VIEW unseen (characters) AS
	WITH RECURSIVE span (code, last) AS (
		VALUES (1, 32), (127, 160), (173, 173), (847, 847),
			(1564, 1564), (4447, 4448), (5760, 5760), (6068, 6069),
			(6155, 6158), (8192, 8207), (8232, 8239), (8287, 8303),
			(10240, 10240), (12288, 12288), (12644, 12644),
			(65024, 65039), (65279, 65279), (65440, 65440),
			(65529, 65531), (65534, 65535)
		UNION ALL SELECT code + 1, last FROM span WHERE code < last)
	SELECT group_concat(char(code), '') FROM span;
