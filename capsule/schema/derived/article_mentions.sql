-- SPDX-License-Identifier: ISC
--
-- The standards that an article's text names, found when the text changes and
-- not each time it is read: std_mentions(body) says all of it. Like the search
-- index it is brought up to date by the last statements of import/article.sql,
-- for the articles in search_change. A text is not a catalogue, and no more
-- than 50 are listed.
CREATE TABLE article_standard (
	article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	place INTEGER NOT NULL, -- the first is 0; each standard once
	number TEXT NOT NULL,   -- as it is printed
	key TEXT NOT NULL,      -- of the edition; of the family, where the
		-- text gives no year
	PRIMARY KEY (article_id, place)
) STRICT, WITHOUT ROWID;
INSERT INTO article_standard (article_id, place, number, key)
SELECT a.id, j.key, json_extract(j.value, '$.number'),
	json_extract(j.value, '$.key')
FROM article a JOIN json_each(std_mentions(a.body)) j
WHERE a.status = 'live' AND j.key < 50;
CREATE INDEX article_standard_key ON article_standard (key, article_id);
