-- SPDX-License-Identifier: ISC
--
-- A member can take the consent to the public list back at any time. Each
-- change of it is kept, for the member to see. Of a membership that ended long
-- ago the night keeps the number, the kind and the days (nightly/members.sql).

ALTER TABLE member ADD COLUMN erased TEXT -- the day on which the name was
	-- erased; NULL: it is kept
	CHECK (erased IS date(erased, '+0 days'));
CREATE INDEX member_kept ON member (until) WHERE erased IS NULL;

CREATE TABLE member_consent (
	id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id > 0), -- orders the changes
	member_id INTEGER NOT NULL REFERENCES member (id), -- whose consent
	created INTEGER NOT NULL, -- seconds since 1970
	name TEXT NOT NULL, -- who: 会员, 秘书处, or 系统 with a deleted account
	listed INTEGER NOT NULL CHECK (listed IN (0, 1)) -- member.listed from then
) STRICT;
CREATE INDEX member_consent_member ON member_consent (member_id, id);
