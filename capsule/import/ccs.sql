%# SPDX-License-Identifier: ISC
%#
%# the Chinese Classification for Standards
%#
%# Columns: code, parent,
%# title_zh and, if there are, title_en, notes_zh, source.
% needs :code :parent :title_zh :title_en :notes_zh :source :batch :batch_day
% gives :existing
% if coalesce(:code, '') NOT GLOB '[A-Z]'
%     AND coalesce(:code, '') NOT GLOB '[A-Z][0-9][0-9]/[0-9][0-9]'
%     AND coalesce(:code, '') NOT GLOB '[A-Z][0-9][0-9]'
% fail refused "{code}" is not a CCS code
% elif :title_zh IS NULL
% fail refused no title_zh
% elif :parent NOT GLOB '[A-Z]'
%     AND :parent NOT GLOB '[A-Z][0-9][0-9]/[0-9][0-9]'
% fail refused "{parent}" is not a CCS code
% end
% one SELECT import_once(:code) AS before,
%     coalesce(:source, :import_source) AS whose,
%     CASE length(:code) WHEN 1 THEN 1 WHEN 6 THEN 2 ELSE 3 END AS depth,
%     EXISTS (SELECT 1 FROM ccs WHERE code = :code) AS existing
% if :before IS NOT NULL
% fail refused {code} is on line {before} already
% end
% if :existing AND EXISTS (SELECT 1 FROM ccs WHERE code = :code
%     AND (parent, title, title_en, note, source)
%     IS (:parent, :title_zh, :title_en, :notes_zh, :whose))
% fail unchanged
% end
% do INSERT INTO ccs (code, parent, level, title, title_en, note, source,
%         verified_at, batch_id)
%     VALUES (:code, :parent, :depth, :title_zh, :title_en, :notes_zh, :whose,
%         :batch_day, :batch)
%     ON CONFLICT (code) DO UPDATE SET (parent, level, title, title_en, note, source,
%         verified_at, batch_id) = (excluded.parent, excluded.level,
%         excluded.title, excluded.title_en, excluded.note, excluded.source,
%         excluded.verified_at, excluded.batch_id)
