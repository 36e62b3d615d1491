%# SPDX-License-Identifier: ISC
%#
%# Take back what the import :batch has said of a system. What a later import
%# has put below it stays, so that is taken back first.
% needs :batch
% each SELECT n.batch_id AS later, n.code FROM system_node n
%     LEFT JOIN system_node a ON a.id = n.parent_id
%     JOIN system s ON s.id = n.system_id
%     WHERE n.batch_id > :batch AND (a.batch_id = :batch OR s.batch_id = :batch)
%     UNION ALL
%     SELECT m.batch_id, n.code FROM system_node n
%     JOIN system_member m ON m.node_id = n.id
%     WHERE n.batch_id = :batch AND m.batch_id > :batch
%     ORDER BY 1 DESC LIMIT 1
% fail refused import {later} has since added to node {code}: take that back first
% end
% do UPDATE system SET name = b ->> 'name', issuer = b ->> 'issuer',
%         published = b ->> 'published', effective = b ->> 'effective',
%         void = b ->> 'void', about = b ->> 'about',
%         batch_id = b ->> 'batch_id'
%     FROM (SELECT key AS k, before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'system')
%     WHERE system.code = k
% do UPDATE system_node SET parent_id = b ->> 'parent_id', depth = b ->> 'depth',
%         name = b ->> 'name', position = b ->> 'position',
%         batch_id = b ->> 'batch_id'
%     FROM (SELECT before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'system_node')
%     WHERE system_node.id = b ->> 'id'
% do UPDATE system_member SET title = b ->> 'title',
%         number = coalesce(b ->> 'number', number),
%         position = coalesce(b ->> 'position', position),
%         batch_id = b ->> 'batch_id'
%     FROM (SELECT before AS b FROM import_journal
%         WHERE batch_id = :batch AND kind = 'system_member')
%     WHERE system_member.id = b ->> 'id'
% do DELETE FROM system_member WHERE batch_id = :batch
% do DELETE FROM system_node WHERE batch_id = :batch
% do DELETE FROM system WHERE batch_id = :batch
