%# SPDX-License-Identifier: ISC
%#
%# What is worked out of standards that have changed: the index, the chains.
%#
%# The search index: first forget what it says of what has changed, then
%# learn what is there now. FTS5 begins another piece where an id is not higher
%# than the one before, and refuses the 2,001st: the order is asked for.
% do INSERT INTO standard_fts (standard_fts, rowid, number, title, title_en,
%         title_orig, marks)
%     SELECT 'delete', standard_id, number, title, title_en, title_orig, marks
%     FROM standard_search_change WHERE indexed = 1 ORDER BY standard_id

% do INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
%     SELECT s.id, s.number, s.title, s.title_en, s.title_orig, s.marks
%     FROM standard_search_change c JOIN standard s ON s.id = c.standard_id
%     WHERE s.id > (SELECT after FROM standard_bulk) IS NOT 1
%     ORDER BY s.id

% do INSERT INTO standard_fts (rowid, number, title, title_en, title_orig, marks)
%     SELECT id, number, title, title_en, title_orig, marks FROM standard
%     WHERE id > (SELECT after FROM standard_bulk) ORDER BY id

% do DELETE FROM standard_search_change

%# From here on each row is its own again.
% do DELETE FROM standard_bulk

% if EXISTS (SELECT 1 FROM standard WHERE void = 1)
% do INSERT INTO standard_underived
%     SELECT l.key FROM standard_underived u
%     JOIN standard_underlying l ON l.of = u.key WHERE true
%     ON CONFLICT DO NOTHING
% end

% do INSERT INTO standard_derive_one SELECT key FROM standard_underived

% do DELETE FROM standard_underived
