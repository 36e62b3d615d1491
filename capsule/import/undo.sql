%# SPDX-License-Identifier: ISC
%#
%# Take back the import :batch of standards, of an announcement or of a system,
%# of plans, a draft or projects, unless a later one has built on it.
% one SELECT kind AS of, file AS from_file, added AS new_rows,
%     changed AS changed_rows, undone FROM import_batch WHERE id = :batch
% none
% fail refused there is no import {batch}
% end
% if :undone IS NOT NULL
% fail refused import {batch} was taken back already
% end
% if :of NOT IN ('standards', 'announcement', 'system', 'plan', 'draft',
%     'pilot')
% fail refused import {batch} is of {of}: import what is right instead
% end
% each SELECT batch_id AS later, key FROM import_journal j
%     WHERE batch_id > :batch AND (before ->> 'batch_id' = :batch
%         OR EXISTS (SELECT 1 FROM import_journal o
%             WHERE o.batch_id = :batch AND o.key = j.key))
%     ORDER BY batch_id DESC LIMIT 1
% fail refused import {later} has since changed {key}: take that back first
% end
% if :of = 'system'
% include _undo_system.sql
% elif :of IN ('plan', 'draft')
% include _undo_plan.sql
% elif :of = 'pilot'
% include _undo_pilot.sql
% end
import {batch} of {from_file}: {new_rows} new and {changed_rows} changed rows are taken back

% do DELETE FROM change_event WHERE batch_id = :batch

% do DELETE FROM announcement WHERE batch_id = :batch

% do DELETE FROM standard_said WHERE batch_id = :batch

%# Relations: what it brought goes, what it wrote over comes back, the oldest
%# note of each last.
% do DELETE FROM relation WHERE batch_id = :batch

% do INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
%         day, note, claims, source, verified_at, batch_id)
%     SELECT key, before ->> 'type', before ->> 'to_key', before ->> 'from_number',
%         before ->> 'to_number', before ->> 'degree', before ->> 'day',
%         before ->> 'note', before ->> 'claims', before ->> 'source',
%         before ->> 'verified_at', before ->> 'batch_id'
%     FROM (SELECT key, before FROM import_journal
%         WHERE batch_id = :batch AND kind = 'relation' ORDER BY id DESC)
%     WHERE true
%     ON CONFLICT (from_key, type, to_key) DO UPDATE SET
%         (from_number, to_number, degree, day, note, claims, source, verified_at,
%             batch_id)
%         = (excluded.from_number, excluded.to_number, excluded.degree,
%             excluded.day, excluded.note, excluded.claims, excluded.source,
%             excluded.verified_at, excluded.batch_id)

% do UPDATE standard SET number = b ->> 'number', family = b ->> 'family',
%         bare = b ->> 'bare', digits = b ->> 'digits', prefix = b ->> 'prefix',
%         year = b ->> 'year', sort = b ->> 'sort', level = b ->> 'level',
%         mandate = b ->> 'mandate', title = b ->> 'title',
%         title_en = b ->> 'title_en', title_orig = b ->> 'title_orig',
%         kind = b ->> 'kind', edition = b ->> 'edition', stated = b ->> 'stated',
%         stage = b ->> 'stage', issued = b ->> 'issued',
%         implemented = b ->> 'implemented', abolished = b ->> 'abolished',
%         confirmed = b ->> 'confirmed', ics = b ->> 'ics', ccs = b ->> 'ccs',
%         issuer_id = b ->> 'issuer_id', committee_id = b ->> 'committee_id',
%         owner = b ->> 'owner', drafters = b ->> 'drafters',
%         region = b ->> 'region', filing = b ->> 'filing', plan = b ->> 'plan',
%         pages = b ->> 'pages', language = b ->> 'language',
%         fulltext_url = b ->> 'fulltext_url', note = b ->> 'note',
%         source = b ->> 'source', verified_at = b ->> 'verified_at',
%         batch_id = b ->> 'batch_id', fingerprint = b ->> 'fingerprint',
%         stub = b ->> 'stub', content = b ->> 'content',
%         first_issued = b ->> 'first_issued', proposer = b ->> 'proposer',
%         executor = b ->> 'executor', drafter_names = b ->> 'drafter_names',
%         filed = b ->> 'filed', industry = b ->> 'industry',
%         price = b ->> 'price', scope = b ->> 'scope',
%         fulltext_mode = b ->> 'fulltext_mode'
%     FROM (SELECT key AS k, before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'standard')
%     WHERE standard.key = k

% do DELETE FROM standard WHERE batch_id = :batch

%# A body that others name by now stays.
% do DELETE FROM org WHERE batch_id = :batch
%         AND NOT EXISTS (SELECT 1 FROM standard
%             WHERE issuer_id = org.id OR committee_id = org.id)

% do UPDATE org SET batch_id = NULL WHERE batch_id = :batch

% do DELETE FROM import_journal WHERE batch_id = :batch

% do UPDATE import_batch SET undone = unixepoch() WHERE id = :batch
