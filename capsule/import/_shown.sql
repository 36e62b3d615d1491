%# SPDX-License-Identifier: ISC
%#
%# What an announcement says of a standard, beside what the catalogue says.
% needs :key :issued :in_force :named :ends_on :printed :older_list
%     :adopts_number :adopts_key :amends_number :amends_key
% one SELECT coalesce(CASE WHEN s.stub THEN 'known by name only, now ' END, '')
%         || CASE WHEN s.id IS NULL AND :ends_on IS NOT NULL THEN 'unknown  '
%             WHEN :ends_on IS NOT NULL THEN 'repealed '
%             WHEN s.id IS NULL THEN 'new      '
%             WHEN s.issued IS :issued AND s.implemented IS :in_force
%                 AND s.title IS :named THEN 'the same '
%             ELSE 'changed  ' END
%         || :printed || '　' || coalesce(:named, s.name, '(no title)')
%         || coalesce('　废止 ' || :ends_on, '')
%         || CASE WHEN s.implemented <> :in_force THEN '　实施 '
%             || s.implemented || ' -> ' || :in_force ELSE '' END
%         || CASE WHEN s.title <> :named THEN '　was: ' || s.title ELSE '' END AS said
%     FROM (SELECT 1) LEFT JOIN standard s ON s.key = :key
{said}
% each SELECT CASE WHEN s.id IS NULL THEN '  unknown predecessor '
%             || iif(j.value ->> 'partly', 'in part ', '')
%             || (j.value ->> 'number') || ': kept by name only'
%         ELSE '  replaces ' || iif(j.value ->> 'partly', 'a part of ', '')
%             || s.number || '　' || s.name
%             || coalesce('　already replaced by ' || s.successor_key, '')
%         END AS said
%     FROM json_each(:older_list) j LEFT JOIN standard s
%         ON s.key = j.value ->> 'key'
{said}
% end
% each SELECT '  ' || column1 || ' ' || column2 || coalesce('　' || s.name,
%         ': not in the catalogue') AS said
%     FROM (VALUES ('adopts', :adopts_number, :adopts_key),
%         ('amends', :amends_number, :amends_key))
%         LEFT JOIN standard s ON s.key = column3
%     WHERE column2 IS NOT NULL
{said}
% end
% if :in_force < :issued
  in force from {in_force}, before the announcement: is that right?
% end
% if :in_force IS NULL AND :ends_on IS NULL
  no 实施日期: its status will be 待核实
% end
