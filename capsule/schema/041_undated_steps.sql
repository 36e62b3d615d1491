-- SPDX-License-Identifier: ISC
--
-- A stage that a table brings in may have begun on a day that nobody has said.
ALTER TABLE plan_step ADD COLUMN dated INTEGER NOT NULL DEFAULT 1 -- 0: when it
	-- has begun is not known, and `day` is that of the import
	CHECK (dated IN (0, 1));
ALTER TABLE pilot_step ADD COLUMN dated INTEGER NOT NULL DEFAULT 1 -- as that of
	-- plan_step
	CHECK (dated IN (0, 1));
