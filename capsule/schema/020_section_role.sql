-- SPDX-License-Identifier: ISC
--
-- Two sections have more than articles. Which they are is the editors' matter:
-- pages ask for the role, never for an address.

ALTER TABLE section ADD COLUMN role TEXT -- NULL: articles only;
	-- 'announcements': 标准发布公告 stand on the section's page and in its
	-- feeds; 'laws': the search for everything looks into it by itself
	CHECK (role IN ('announcements', 'laws'));
CREATE UNIQUE INDEX section_role ON section (role) WHERE role IS NOT NULL;

-- A portal that has been served already.
UPDATE section SET role = CASE slug WHEN 'bzfbdt' THEN 'announcements'
	WHEN 'zcfg' THEN 'laws' END;
