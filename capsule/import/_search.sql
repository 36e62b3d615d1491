%# SPDX-License-Identifier: ISC
%#
%# What is worked out of articles that have changed. The search index: first
%# forget what it says of what has changed, then learn what is there now.
% do INSERT INTO title_fts (title_fts, rowid, title, kicker, subtitle, source, mark)
%     SELECT 'delete', article_id, title, kicker, subtitle, source, mark
%     FROM search_change WHERE indexed = 1 ORDER BY article_id
% do INSERT INTO body_fts (body_fts, rowid, prose, mark)
%     SELECT 'delete', article_id, prose, mark FROM search_change WHERE indexed = 1
%     ORDER BY article_id
% do INSERT INTO title_fts (rowid, title, kicker, subtitle, source, mark)
%     SELECT s.id, s.title, s.kicker, s.subtitle, s.source, s.mark
%     FROM search_change c JOIN article_searched s ON s.id = c.article_id
%     ORDER BY s.id
% do INSERT INTO body_fts (rowid, prose, mark)
%     SELECT s.id, s.prose, s.mark
%     FROM search_change c JOIN article_searched s ON s.id = c.article_id
%     ORDER BY s.id
%# The standards that the texts name; a text is not a catalogue, and no more
%# than 50 are listed.
% do DELETE FROM article_standard
%     WHERE article_id IN (SELECT article_id FROM search_change)
% do INSERT INTO article_standard (article_id, place, number, key)
%     SELECT a.id, j.key, json_extract(j.value, '$.number'),
%         json_extract(j.value, '$.key')
%     FROM search_change c JOIN article a ON a.id = c.article_id
%     JOIN json_each(std_mentions(a.body)) j
%     WHERE a.status = 'live' AND j.key < 50
% do DELETE FROM search_change
