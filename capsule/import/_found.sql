%# SPDX-License-Identifier: ISC
%#
%# The new standards of this import that have :words: who follows the words is
%# told. Old editions that a catalogue brings late are no news.
% needs :batch :words
% do INSERT INTO watch_event (standard_id, kind, day, created)
%     SELECT s.id, '新标准', coalesce(s.issued, r.day), unixepoch()
%     FROM standard_fts f JOIN standard s ON s.id = f.rowid
%     CROSS JOIN watch_round r
%     WHERE standard_fts MATCH '{number title title_en title_orig} : ('
%             || fts_query(:words, 'phrase') || ')'
%         AND f.rowid >= (SELECT min(id) FROM standard WHERE batch_id = :batch)
%         AND s.batch_id = :batch AND s.stub = 0
%         AND coalesce(s.issued, r.day) >= date(r.day, '-1 year')
%         AND NOT EXISTS (SELECT 1 FROM import_journal WHERE batch_id = :batch
%             AND key = s.key AND kind = 'standard')
%     ON CONFLICT DO NOTHING

% do INSERT INTO watch_notice (list_id, event_id)
%     SELECT i.list_id, e.id FROM standard_fts f
%     JOIN standard s ON s.id = f.rowid
%     JOIN watch_event e ON e.standard_id = s.id AND e.kind = '新标准'
%     JOIN watch_item i ON i.kind = 'search' AND i.value = :words
%     WHERE standard_fts MATCH '{number title title_en title_orig} : ('
%             || fts_query(:words, 'phrase') || ')'
%         AND f.rowid >= (SELECT min(id) FROM standard WHERE batch_id = :batch)
%         AND s.batch_id = :batch
%         AND NOT EXISTS (SELECT 1 FROM import_journal WHERE batch_id = :batch
%             AND key = s.key AND kind = 'standard')
%     ON CONFLICT DO NOTHING
