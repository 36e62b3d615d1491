-- SPDX-License-Identifier: ISC
--
-- A 补正 can replace a file. The file of an earlier round stays, for whoever has
-- to know what was submitted, and counts no longer.

ALTER TABLE request_file ADD COLUMN dropped INTEGER -- the round from which on the
	-- reader no longer submits it; NULL: it counts
	CHECK (dropped > round);
