%# SPDX-License-Identifier: ISC
%#
%# a published system of standards (标准体系)
%#
%# One file is one system. Head of the file, before the row of column names, one
%# `key: value` a line:
%#   体系 or system: its code in addresses, in small letters, digits and dashes
%#   名称 or name      发布机构 or issuer    发布日期 or published: YYYY-MM-DD
%#   实施日期 or effective, 废止日期 or void, 说明 or about: may be missing
%# Columns: 节点编号 or node, 上级编号 or parent (of a node below another, whose row
%# stands above), 节点名称 or name (of a new node), 标准号 or number (a row for
%# each standard of a node), 标准名称 or title, 顺序 or position.
%# What is stored and not in the file stays.
% needs :head_体系 :head_system :head_名称 :head_name :head_发布机构 :head_issuer
%     :head_发布日期 :head_published :head_实施日期 :head_effective :head_废止日期
%     :head_void :head_说明 :head_about :节点编号 :node :上级编号 :parent :节点名称
%     :name :标准号 :number :标准名称 :title :顺序 :position :batch
% gives :existing
% one SELECT coalesce(:head_体系, :head_system) AS code,
%     coalesce(:head_名称, :head_name) AS called,
%     coalesce(:head_发布机构, :head_issuer) AS issuer,
%     coalesce(:head_说明, :head_about) AS about,
%     coalesce(:head_发布日期, :head_published) AS published_said,
%     std_said(coalesce(:head_实施日期, :head_effective)) AS effective_said,
%     std_said(coalesce(:head_废止日期, :head_void)) AS void_said
% one SELECT text_day(:published_said, '年月日号') AS published,
%     text_day(:effective_said, '年月日号') AS effective,
%     text_day(:void_said, '年月日号') AS void
% if :code IS NULL OR :called IS NULL OR :issuer IS NULL
%     OR :published_said IS NULL
% fail fatal the head must say 体系, 名称, 发布机构 and 发布日期
% elif :code NOT GLOB '[a-z]*' OR :code GLOB '*[^a-z0-9-]*'
%     OR length(:code) NOT BETWEEN 2 AND 40
% fail fatal 体系 is a code in addresses: 2 to 40 small letters, digits and dashes, not "{code}"
% elif length(:called) NOT BETWEEN 2 AND 100
%     OR length(:issuer) NOT BETWEEN 2 AND 100
%     OR length(:about) NOT BETWEEN 2 AND 1000
% fail fatal 名称 and 发布机构 have 2 to 100 characters, 说明 at most 1000
% end
% each SELECT column1 AS wrong FROM (VALUES (:published_said, :published),
%     (:effective_said, :effective), (:void_said, :void))
%     WHERE column1 IS NOT NULL
%         AND (column2 = date(column2, '+0 days')) IS NOT 1 LIMIT 1
% fail fatal "{wrong}" in the head is not a date (YYYY-MM-DD)
% end

% one SELECT (SELECT id FROM system WHERE code = :code) AS known,
%     trim(coalesce(:节点编号, :node)) AS node_code,
%     trim(coalesce(:上级编号, :parent)) AS above_code,
%     trim(coalesce(:节点名称, :name)) AS node_name,
%     coalesce(:标准号, :number) AS typed, trim(coalesce(:标准名称, :title)) AS titled,
%     coalesce(:顺序, :position) AS ordered
% if :node_code IS NULL
% fail refused no 节点编号
% elif :node_code NOT GLOB '[A-Za-z0-9]*' OR :node_code GLOB '*[^A-Za-z0-9.-]*'
%     OR length(:node_code) > 40
% fail refused 节点编号 has letters, digits, points and dashes, not "{node_code}"
% elif length(:node_name) NOT BETWEEN 1 AND 100
%     OR length(:titled) NOT BETWEEN 1 AND 200
% fail refused 节点名称 has at most 100 characters, 标准名称 at most 200
% elif :ordered GLOB '*[^0-9]*' OR length(:ordered) > 9
% fail refused 顺序 is a number, not "{ordered}"
% end
% one SELECT (SELECT id FROM system_node
%         WHERE system_id = :known AND code = :node_code) AS node_id,
%     (SELECT id FROM system_node
%         WHERE system_id = :known AND code = :above_code) AS above_id,
%     std_key(:typed) AS key, coalesce(std_number(:typed), trim(:typed)) AS printed
% if :node_id IS NULL AND :node_name IS NULL
% fail refused node {node_code} is new and has no 节点名称
% elif :above_code IS NOT NULL AND :above_id IS NULL
% fail refused there is no node {above_code}: its row stands above those below it
% elif :typed IS NOT NULL AND :key IS NULL
% fail refused "{typed}" is not the number of a standard
% end

%# Where the node is, and where it will be.
% one SELECT (SELECT parent_id FROM system_node WHERE id = :node_id) AS was_above,
%     (SELECT depth FROM system_node WHERE id = :node_id) AS was_depth,
%     (SELECT name FROM system_node WHERE id = :node_id) AS was_name,
%     (SELECT position FROM system_node WHERE id = :node_id) AS was_at,
%     EXISTS (SELECT 1 FROM system_node WHERE parent_id = :node_id) AS has_below,
%     EXISTS (SELECT 1 FROM system_member
%         WHERE node_id = :node_id AND key = :key) AS has_member,
%     import_once(:node_code || ' ' || coalesce(:key, '')) AS before
% one SELECT coalesce(:above_id, :was_above) AS new_above,
%     coalesce((SELECT depth + 1 FROM system_node
%         WHERE id = coalesce(:above_id, :was_above)), 1) AS new_depth,
%     coalesce(:node_name, :was_name) AS new_name,
%     coalesce(iif(:typed IS NULL, :ordered + 0, NULL), :was_at, :ordered + 0,
%         :line) AS new_at
% if :before IS NOT NULL
% fail refused node {node_code} with this standard is on line {before} already
% elif :new_depth > 8
% fail refused node {node_code} would be on level {new_depth}; 8 are allowed
% elif :node_id = :new_above
% fail refused node {node_code} would be below itself
% elif :new_depth <> :was_depth AND :has_below
% fail refused node {node_code} has nodes below it and stays on its level, {was_depth}
% end
% one SELECT :node_id IS NOT NULL AND (:key IS NULL OR :has_member) AS existing,
%     (:new_above, :new_name, :new_at) IS (:was_above, :was_name, :was_at)
%         AS node_same, EXISTS (SELECT 1 FROM system WHERE id = :known
%         AND (name, issuer, published, effective, void, about)
%         IS (:called, :issuer, :published, :effective, :void, :about)) AS same,
%     NOT EXISTS (SELECT 1 FROM system_member WHERE node_id = :node_id
%         AND key = :key AND (title, position, number)
%         IS NOT (coalesce(:titled, title), coalesce(:ordered + 0, position),
%         :printed)) AS member_same
% if :existing AND :node_same AND :same AND :member_same
% fail unchanged
% end

% if NOT :same
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'system', code, json_object('name', name, 'issuer', issuer,
%         'published', published, 'effective', effective, 'void', void,
%         'about', about, 'batch_id', batch_id)
%     FROM system WHERE id = :known AND batch_id IS NOT :batch
% do INSERT INTO system (code, name, issuer, published, effective, void, about,
%         batch_id)
%     VALUES (:code, :called, :issuer, :published, :effective, :void, :about,
%         :batch)
%     ON CONFLICT (code) DO UPDATE SET (name, issuer, published, effective, void,
%         about, batch_id) = (excluded.name, excluded.issuer,
%         excluded.published, excluded.effective, excluded.void,
%         excluded.about, excluded.batch_id)
% end
% one SELECT id AS system_id FROM system WHERE code = :code
% if :node_id IS NULL
% do INSERT INTO system_node (system_id, parent_id, depth, code, name, position,
%         batch_id)
%     VALUES (:system_id, :new_above, :new_depth, :node_code, :new_name, :new_at,
%         :batch)
% elif NOT :node_same
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'system_node', :code || '/' || code, json_object('id', id,
%         'parent_id', parent_id, 'depth', depth, 'name', name,
%         'position', position, 'batch_id', batch_id)
%     FROM system_node WHERE id = :node_id AND batch_id IS NOT :batch
% do UPDATE system_node SET (parent_id, depth, name, position, batch_id)
%         = (:new_above, :new_depth, :new_name, :new_at, :batch)
%     WHERE id = :node_id
% end
% if NOT :member_same
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'system_member', :code || '/' || :node_code || '/' || key,
%         json_object('id', id, 'title', title, 'number', number,
%         'position', position, 'batch_id', batch_id)
%     FROM system_member WHERE node_id = :node_id AND key = :key
%         AND batch_id IS NOT :batch
% do UPDATE system_member SET (title, position, number, batch_id)
%         = (coalesce(:titled, title), coalesce(:ordered + 0, position), :printed,
%         :batch)
%     WHERE node_id = :node_id AND key = :key
% end
% if :key IS NOT NULL
% do INSERT INTO system_member (node_id, key, number, title, position, batch_id)
%     SELECT id, :key, :printed, :titled, coalesce(:ordered + 0, :line), :batch
%     FROM system_node WHERE system_id = :system_id AND code = :node_code
%     ON CONFLICT DO NOTHING
% if NOT EXISTS (SELECT 1 FROM standard WHERE key = :key)
{node_code}: {printed} is not in the catalogue; it is shown as 未收录
% end
% end
