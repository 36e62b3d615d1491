%# SPDX-License-Identifier: ISC
%#
%# the International Classification for Standards
%#
%# Columns: code,
%# parent, title_en and, if there are, title_zh, zh_source, notes_en, source.
% needs :code :title_en :title_zh :zh_source :notes_en :source :batch
%     :batch_day
% gives :existing
% if coalesce(:code, '') NOT GLOB '[0-9][0-9]'
%     AND coalesce(:code, '') NOT GLOB '[0-9][0-9].[0-9][0-9][0-9]'
%     AND coalesce(:code, '') NOT GLOB '[0-9][0-9].[0-9][0-9][0-9].[0-9][0-9]'
% fail refused "{code}" is not an ICS code
% elif :title_en IS NULL
% fail refused no title_en
% end
% one SELECT import_once(:code) AS before,
%     CASE length(:code) WHEN 2 THEN 1 WHEN 6 THEN 2 ELSE 3 END AS depth,
%     coalesce(:source, :import_source) AS whose,
%     EXISTS (SELECT 1 FROM ics WHERE code = :code) AS existing
% if :before IS NOT NULL
% fail refused {code} is on line {before} already
% end
% if :existing AND EXISTS (SELECT 1 FROM ics WHERE code = :code
%     AND (title, title_en, title_source, note, source)
%     IS (:title_zh, :title_en, :zh_source, :notes_en, :whose))
% fail unchanged
% end
% do INSERT INTO ics (code, parent, level, title, title_en, title_source, note,
%         source, verified_at, batch_id)
%     VALUES (:code, CASE :depth WHEN 1 THEN NULL WHEN 2 THEN substr(:code, 1, 2)
%         ELSE substr(:code, 1, 6) END, :depth, :title_zh, :title_en, :zh_source,
%         :notes_en, :whose, :batch_day, :batch)
%     ON CONFLICT (code) DO UPDATE SET (title, title_en, title_source, note, source,
%         verified_at, batch_id) = (excluded.title, excluded.title_en,
%         excluded.title_source, excluded.note, excluded.source,
%         excluded.verified_at, excluded.batch_id)
