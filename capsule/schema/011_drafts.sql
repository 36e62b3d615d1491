-- SPDX-License-Identifier: ISC
--
-- Drafts of international standards (ISO/CD 9001) take no one's place before
-- they are published: neither does a source's word that they will make a
-- relation, nor is what was a draft replaced by anything.

-- What stands behind the organisation in a draft's number.
CREATE VIEW draft_mark (mark) AS VALUES ('PWI'), ('NP'), ('AWI'), ('WD'),
	('WD TS'), ('WD TR'), ('CD'), ('CD TS'), ('CD TR'), ('CD PAS'), ('DIS'),
	('DTS'), ('DTR'), ('DPAS'), ('FDIS'), ('FDTS'), ('FDTR'), ('PRF'),
	('PRF TS'), ('PRF TR');

-- What earlier imports have taken for a replacement.
DELETE FROM relation WHERE type = 'replaces' AND from_key IN (SELECT key
	FROM standard WHERE stated IN ('制定中', '即将发布', '项目终止'));
DELETE FROM relation WHERE type = 'replaces' AND to_key IN (SELECT key
	FROM standard WHERE stated IN ('制定中', '即将发布', '项目终止'));
