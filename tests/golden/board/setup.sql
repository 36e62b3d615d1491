-- Notes of known days.
UPDATE note SET day = '2026-11-20';
INSERT INTO note (title, body, day) VALUES
	('=> /x Not a link', 'It has a title.' || char(10) || 'A second line.',
	 '2026-11-22'),
	('A long note', replace(hex(zeroblob(60)), '00', 'words and words '),
	 '2026-11-21');
