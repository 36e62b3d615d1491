-- SPDX-License-Identifier: ISC
--
-- What readers looked for in vain. Nothing here names a reader.

-- Words that found nothing, for the editors: what is missing here?
CREATE TABLE zero_hit (
	term TEXT NOT NULL CHECK (length(term) BETWEEN 1 AND 60),
	day TEXT NOT NULL,   -- in Asia/Shanghai
	n INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (term, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX zero_hit_day ON zero_hit (day, n);
