-- SPDX-License-Identifier: ISC
--
-- Where search folds text otherwise than before, the engine builds the indexes
-- anew, of what articles and standards say now, and notes that in guiju_fold.
-- So what search_change and standard_search_change tell an index to forget is
-- what it holds since: that text, or nothing.
CREATE TRIGGER search_refolded AFTER UPDATE ON guiju_fold
BEGIN
	UPDATE search_change SET (indexed, title, kicker, subtitle, source,
			mark, prose) =
		(SELECT count(*), title, kicker, subtitle, source, mark, prose
		FROM article_searched WHERE id = article_id);
	UPDATE standard_search_change SET (indexed, number, title, title_en,
			title_orig, marks) =
		(SELECT count(*), number, title, title_en, title_orig, marks
		FROM standard WHERE id = standard_id);
END;
