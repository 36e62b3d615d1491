%# SPDX-License-Identifier: ISC
%#
%# Take back what the import :batch has said of projects. A stage that has begun
%# since is not taken back.
% needs :batch
% each SELECT number FROM pilot p WHERE batch_id = :batch
%     AND NOT EXISTS (SELECT 1 FROM import_journal WHERE batch_id = :batch
%         AND kind = 'pilot' AND key = p.number)
%     AND (SELECT count(*) FROM pilot_step WHERE pilot_id = p.id) > 1 LIMIT 1
%     /* scan */
% fail refused {number} has gone on since: import what is right instead
% end
% do UPDATE pilot SET name = b ->> 'name', unit = b ->> 'unit',
%         place = b ->> 'place', field = b ->> 'field', level = b ->> 'level',
%         series = b ->> 'series', started = b ->> 'started', due = b ->> 'due',
%         about = b ->> 'about', batch_id = b ->> 'batch_id'
%     FROM (SELECT key AS k, before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'pilot')
%     WHERE pilot.number = k
% do DELETE FROM pilot WHERE batch_id = :batch
