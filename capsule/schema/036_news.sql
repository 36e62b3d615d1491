-- SPDX-License-Identifier: ISC
--
-- Who wants to see what is new since the last visit, and up to where everything
-- has been marked as seen. What is new has come later than `seen`, or has a
-- higher id: an import that takes long is stored with the time at which it
-- began.
CREATE TABLE news_mark (
	account_id INTEGER PRIMARY KEY -- whose it is
		REFERENCES account (id) ON DELETE CASCADE,
	since INTEGER NOT NULL, -- when it was turned on, seconds since 1970
	seen INTEGER NOT NULL, -- when the page that was marked was made
	article INTEGER NOT NULL, -- the highest article.id there was then
	announcement INTEGER NOT NULL, -- the highest announcement.id
	standard INTEGER NOT NULL, -- the highest standard.id
	event INTEGER NOT NULL -- the highest change_event.id
) STRICT;
CREATE INDEX announcement_created ON announcement (created);
CREATE INDEX change_event_created ON change_event (created);
