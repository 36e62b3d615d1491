%# SPDX-License-Identifier: ISC
%#
%# What comes before the rows of a table, whatever it is (import/KIND.sql,
%# import/end.sql): the import gets its number, :batch. :earlier: an earlier
%# import may have said something of a new standard; :overruled: one source
%# said something and another wrote over it; :empty: the catalogue is.
% gives :batch :batch_day :earlier :overruled :empty
% do INSERT INTO import_batch (kind, file, source, verified_at, started)
%     VALUES (:kind, :file, :import_source,
%         coalesce(:import_verified, :file_day), unixepoch())
%     RETURNING id AS batch, verified_at AS batch_day

%# New standards are filed together, by import/end.sql.
% do INSERT INTO standard_bulk (batch_id, after)
%     SELECT :batch, coalesce(max(id), 0) FROM standard

% one SELECT EXISTS (SELECT 1 FROM relation) AS earlier,
%     EXISTS (SELECT 1 FROM standard_said) AS overruled,
%     :kind = 'standards' AND EXISTS (SELECT 1 FROM standard_bulk
%         WHERE after = 0) AS empty

%# An empty catalogue is filled without what keeps it in order for readers;
%# import/end.sql makes that again in one piece, row after row in its order.
% if :empty
% do DROP INDEX standard_family
% do DROP INDEX standard_bare
% do DROP INDEX standard_digits
% do DROP INDEX standard_sort
% do DROP INDEX standard_level
% do DROP INDEX standard_year
% do DROP INDEX standard_ccs
% do DROP INDEX standard_issuer
% do DROP INDEX standard_committee
% do DROP INDEX standard_issued
% do DROP INDEX standard_effective
% do DROP INDEX standard_ends
% do DROP INDEX standard_batch
% end
