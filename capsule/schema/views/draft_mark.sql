-- SPDX-License-Identifier: ISC
--
-- What stands behind the organisation in a draft's number (ISO/CD 9001). Drafts
-- of international standards take no one's place before they are published.
CREATE VIEW draft_mark (mark) AS VALUES ('PWI'), ('NP'), ('AWI'), ('WD'),
	('WD TS'), ('WD TR'), ('CD'), ('CD TS'), ('CD TR'), ('CD PAS'), ('DIS'),
	('DTS'), ('DTR'), ('DPAS'), ('FDIS'), ('FDTS'), ('FDTR'), ('PRF'),
	('PRF TS'), ('PRF TR');
