%# SPDX-License-Identifier: ISC
%#
%# What comes after the rows of a table, and after an undo.
% needs :batch :earlier :empty
% if :kind <> 'undo'
% do UPDATE import_batch SET added = :added, changed = :changed,
%         unchanged = :unchanged, refused = :refused
%     WHERE id = :batch
% end

%# File the new standards: each in its classes, all in the counts. The same as
%# the triggers of the schema do for one.
% do INSERT INTO standard_ics (code, sort, standard_id)
%     SELECT code, sort, standard_id FROM standard_new_ics

% do INSERT INTO standard_count (kind, value, n)
%     SELECT kind, value, n FROM standard_new_count WHERE true
%     ON CONFLICT DO UPDATE SET n = n + excluded.n

% do DELETE FROM standard_count WHERE n = 0

%# What an earlier import has said of the new standards. What this one said has
%# been noted.
% if :earlier
% do INSERT INTO standard_adopt
%     SELECT key FROM standard_new s WHERE adopted = 0 AND EXISTS (SELECT 1
%         FROM relation WHERE from_key = s.key AND type = 'adopts')

% do INSERT INTO standard_derive
%     SELECT s.key FROM standard_new s
%     WHERE EXISTS (SELECT 1 FROM relation WHERE to_key = s.key)
%     UNION ALL SELECT r.to_key FROM standard_new s
%     JOIN relation r ON r.from_key = s.key WHERE r.succession > 0
% end

%# Many rows are written to the index in many pieces, which it would merge
%# again and again. So it waits, and merges them all at once: a search looks
%# into each piece that is left.
% one SELECT EXISTS (SELECT 1 FROM standard_count WHERE kind = 'all'
%     AND :added + :changed > max(1000, n / 10)) AS many
% if :many
% do INSERT INTO standard_fts (standard_fts, rank) VALUES ('automerge', 0)
% do INSERT INTO standard_fts (standard_fts, rank) VALUES ('crisismerge', 1999)
% end

% include _standards.sql

% if :many
% do INSERT INTO standard_fts (standard_fts) VALUES ('optimize')

%# Both are FTS5's own again.
% do INSERT INTO standard_fts (standard_fts, rank) VALUES ('automerge', 4)
% do INSERT INTO standard_fts (standard_fts, rank) VALUES ('crisismerge', 16)
% end

% if :empty
% do CREATE INDEX IF NOT EXISTS standard_family ON standard (family, year)
% do CREATE INDEX IF NOT EXISTS standard_bare ON standard (bare, year)
% do CREATE INDEX IF NOT EXISTS standard_digits ON standard (digits, sort)
% do CREATE INDEX IF NOT EXISTS standard_sort ON standard (sort, id)
% do CREATE INDEX IF NOT EXISTS standard_level ON standard (level, sort, id)
% do CREATE INDEX IF NOT EXISTS standard_year ON standard (year, sort, id)
% do CREATE INDEX IF NOT EXISTS standard_ccs ON standard (ccs, sort, id) WHERE ccs IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_issuer ON standard (issuer_id, sort, id)
%         WHERE issuer_id IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_committee ON standard (committee_id, sort, id)
%         WHERE committee_id IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_issued ON standard (issued, id) WHERE issued IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_effective ON standard (effective, id)
%         WHERE effective IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_ends ON standard (ends, id) WHERE ends IS NOT NULL
% do CREATE INDEX IF NOT EXISTS standard_batch ON standard (batch_id) WHERE batch_id IS NOT NULL
% end

%# Who follows a standard is told what has changed of it, and of what it
%# replaces or amends.
% if :kind IN ('standards', 'announcement')
%     AND EXISTS (SELECT 1 FROM watch_item)
% do UPDATE watch_round SET day = local_day(unixepoch()) WHERE id = 1
% do INSERT INTO watch_look (standard_id)
%     SELECT id FROM standard WHERE batch_id = :batch
%     UNION SELECT p.id FROM standard n
%     JOIN relation r ON r.from_key = n.key JOIN standard p ON p.key = r.to_key
%     WHERE n.batch_id = :batch ORDER BY 1
% each SELECT DISTINCT value AS words FROM watch_item WHERE kind = 'search'
% include _found.sql
% end
% end

% if :kind IN ('standards', 'announcement', 'system', 'plan', 'draft',
%     'pilot')
%     AND :added + :changed > 0
import {batch} (guiju import undo {batch} takes it back)
% end
