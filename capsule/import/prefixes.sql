%# SPDX-License-Identifier: ISC
%#
%# the prefixes of the numbers of standards
%#
%# Columns: prefix, level (national, sector,
%# local, local-city, association, enterprise, foreign; or ours), mandatory (1,
%# 0), name_zh and, if there are, name_en, admin_current_zh, source.
% needs :prefix :level :mandatory :name_zh :name_en :admin_current_zh :source
%     :batch :batch_day
% gives :existing
% if :prefix IS NULL
% fail refused no prefix
% elif :name_zh IS NULL
% fail refused no name_zh
% end
% one SELECT import_once(:prefix) AS before,
%         EXISTS (SELECT 1 FROM std_prefix WHERE prefix = :prefix) AS existing,
%         coalesce(:source, :import_source) AS whose,
%         CASE :level WHEN 'national' THEN '国家' WHEN 'sector' THEN '行业'
%             WHEN 'local' THEN '地方' WHEN 'local-city' THEN '地方'
%             WHEN 'association' THEN '团体' WHEN 'enterprise' THEN '企业'
%             WHEN 'foreign' THEN CASE WHEN :prefix LIKE 'ISO%'
%                     OR :prefix LIKE 'IEC%' OR :prefix LIKE 'ITU%'
%                     OR :prefix = 'IWA' THEN '国际' ELSE '国外' END
%             ELSE :level END AS our_level,
%         CASE WHEN :prefix GLOB '*/Z' THEN '指导' WHEN :prefix GLOB '*/T'
%             THEN '推荐' WHEN :mandatory = '1' THEN '强制' END AS mandate
% if :before IS NOT NULL
% fail refused {prefix} is on line {before} already
% end
% if coalesce(:our_level, '') NOT IN ('国家', '行业', '地方', '团体', '企业',
%     '国际', '国外')
% fail refused "{level}" is not a level
% end
% if :existing AND EXISTS (SELECT 1 FROM std_prefix WHERE prefix = :prefix
%     AND (level, mandate, title, title_en, owner, source)
%     IS (:our_level, :mandate, :name_zh, :name_en, :admin_current_zh, :whose))
% fail unchanged
% end
% do INSERT INTO std_prefix (prefix, level, mandate, title, title_en, owner, source,
%         verified_at, batch_id)
%     VALUES (:prefix, :our_level, :mandate, :name_zh, :name_en, :admin_current_zh,
%         :whose, :batch_day, :batch)
%     ON CONFLICT (prefix) DO UPDATE SET (level, mandate, title, title_en, owner,
%         source, verified_at, batch_id) = (excluded.level, excluded.mandate,
%         excluded.title, excluded.title_en, excluded.owner, excluded.source,
%         excluded.verified_at, excluded.batch_id)
