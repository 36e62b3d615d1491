-- Editions of made-up standards, so that every page of the catalogue has
-- something to show: a chain of editions with a merge at its beginning, a
-- fork, a circle, an amendment, adoption, every status, a list of several
-- pages, hostile titles, and an article that names them.
CREATE TEMP TABLE given (number TEXT, title TEXT, title_en TEXT, stated TEXT,
	issued TEXT, implemented TEXT, abolished TEXT, ics TEXT, ccs TEXT,
	verified TEXT);
INSERT INTO given VALUES
('GB/T 98001-1994', '试金石体系 模型一', NULL, '被代替', '1994-12-24',
	'1995-06-30', NULL, '03.120.10', 'A00', '2026-11-01'),
('GB/T 98002-1994', '试金石体系 模型二', NULL, '被代替', '1994-12-24',
	'1995-06-30', NULL, '03.120.10', 'A00', '2026-11-01'),
('GB/T 98003-1994', '试金石体系 模型三', NULL, '被代替', '1994-12-24',
	'1995-06-30', NULL, '03.120.10', 'A00', '2026-11-01'),
('GB/T 98001-2000', '试金石体系 要求', 'Touchstone systems — Requirements',
	'被代替', '2000-12-28', '2001-06-01', NULL, '03.120.10', 'A00',
	'2026-11-01'),
('GB/T 98001-2016', '试金石体系 要求', 'Touchstone systems — Requirements',
	'现行', '2016-12-30', '2017-07-01', NULL, '03.120.10 03.100.70', 'A00',
	'2026-11-01'),
('GB/T 98001-2026', '试金石体系 要求', 'Touchstone systems — Requirements',
	'即将实施', '2026-10-01', '2027-05-01', NULL, '03.120.10', 'A00',
	'2026-11-01'),
('GB/T 98001-2016/XG1-2020', '试金石体系 要求 第1号修改单', NULL, '现行',
	'2020-03-01', '2020-06-01', NULL, '03.120.10', 'A00', '2026-11-01'),
('ISO 98001:2015', NULL, 'Touchstone systems — Requirements', '现行',
	'2015-09', NULL, NULL, '03.120.10', NULL, '2026-11-01'),
('ISO/CD 98001.2', NULL, 'Touchstone systems — Requirements', '制定中',
	NULL, NULL, NULL, '03.120.10', NULL, '2026-11-01'),
('ISO/IEC DIS 98001', NULL, 'Another organisation''s', '制定中', NULL, NULL,
	NULL, '35.030', NULL, '2026-11-01'),
('ISO 98070:2015', NULL, 'Whetstones', '现行', '2015-09', NULL, NULL,
	'25.100.70', NULL, '2026-11-01'),
('ISO 98070', NULL, 'Whetstones', '即将发布', NULL, NULL, NULL,
	'25.100.70', NULL, '2026-11-01'),
('ISO 98060:1975', NULL, 'Grindstones', '被代替', '1975-09', NULL, NULL,
	'25.100.70', NULL, '2026-11-01'),
('GB 98010-1990', '试金石 通用要求', NULL, '废止', '1990-01-01',
	'1990-07-01', NULL, '35.030', 'L80', '2026-11-01'),
('GB 98011-2001', '试金石 安全要求', NULL, '现行', '2001-01-01',
	'2001-07-01', NULL, '35.030', 'L80', '2026-11-01'),
('GB/T 98012-2001', '试金石 试验方法', NULL, '现行', '2001-01-01',
	'2001-08-01', NULL, '35.030', 'L80', '2026-11-01'),
('GB/T 98010-2018', '试金石 另一种性质', NULL, '现行', '2018-01-01',
	'2018-07-01', NULL, '35.030', 'L80', '2026-11-01'),
('ISO 98020:1999', NULL, 'Ring of stones, part A', '被代替', '1999-05',
	NULL, NULL, '35.030', NULL, '2026-11-01'),
('ISO 98020:2003', NULL, 'Ring of stones, part B', '被代替', '2003-05',
	NULL, NULL, '35.030', NULL, '2026-11-01'),
('ISO 98020:2007', NULL, 'Ring of stones, part C', '被代替', '2007-05',
	NULL, NULL, '35.030', NULL, '2026-11-01'),
('DB46/T 98030-2015', '废止的试金石规范', NULL, '废止', '2015-01-01',
	'2015-03-01', '2026-11-30', '35.030', 'L80', '2026-11-01'),
('NY/T 98031-2019', '没有日期的试金石', NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL),
('T/EXA 98040-2024', '=> /evil 标题' || char(10) || '# 第二行', '=1+1,"a"',
	'现行', '2024-01-01', '2024-02-01', NULL, '35.030', 'L80',
	'2026-11-01'),
('T/EXA 98041-2024', '``` {name} % do ~ x^2 \emph', '<b>&amp;</b> $x_y$ 50%', '现行',
	'2024-01-01', '2024-02-01', NULL, '35.030', 'L80', '2026-11-01');
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45)
INSERT INTO given
SELECT format('NY/T %d-%d', 97000 + i, 1990 + i % 7 * 5),
	'砺石名录 第' || i || '部分', NULL, '现行',
	format('%d-01-%02d', 1990 + i % 7 * 5, 1 + i % 28),
	format('%d-%02d-01', 1990 + i % 7 * 5, 2 + i % 9), NULL,
	CASE i % 3 WHEN 0 THEN '65.020.20' WHEN 1 THEN '67.080.10'
		ELSE '67.140.20' END,
	CASE i % 2 WHEN 0 THEN 'B05' ELSE 'X50' END, '2026-11-01' FROM n;

INSERT INTO org (id, name, kind, code, source, verified_at) VALUES
	(9801, '试金石标准化技术委员会', 'committee', 'SAC/TC 9801', '测试数据',
		'2026-11-01'),
	(9802, '试金石管理局', 'issuer', NULL, '测试数据', '2026-11-01');
INSERT INTO standard (key, number, family, bare, digits, prefix, year, sort,
	level, mandate, title, title_en, stated, issued, implemented,
	abolished, ics, ccs, issuer_id, committee_id, source, verified_at)
SELECT std_key(number), number, std_family(number), std_bare(number),
	std_digits(number), std_prefix(number), std_year(number),
	std_sort(number), coalesce(std_level(number), '其他'),
	std_mandate(number), title, title_en, stated, issued, implemented,
	abolished, ics, ccs,
	CASE WHEN number GLOB 'GB*' THEN (SELECT id FROM org
		WHERE name = '试金石管理局') END,
	CASE WHEN number GLOB 'GB*' THEN (SELECT id FROM org
		WHERE name = '试金石标准化技术委员会') END,
	'测试数据', verified FROM given;
UPDATE standard SET drafters = '甲单位; 乙单位', owner = '试金石管理局',
	plan = '2014-0001-T-469', pages = 36, language = 'zh',
	confirmed = '2022-01-01', note = '一句说明。', content = '管理',
	first_issued = '1988-12', proposer = '提出单位甲', executor = '执行单位甲',
	drafter_names = '张三; 李四', filed = '2017-01-15',
	industry = 'M 科学研究和技术服务业', price = '49.00 元',
	scope = '规定试金石体系的要求。', fulltext_mode = '可预览',
	fulltext_url = 'https://openstd.samr.gov.cn/bzgk/gb/newGbInfo?hcno=0'
WHERE number = 'GB/T 98001-2016';

CREATE TEMP TABLE joined (newer TEXT, type TEXT, older TEXT, degree TEXT,
	note TEXT);
INSERT INTO joined VALUES
('GB/T 98001-2000', 'merges', 'GB/T 98001-1994', NULL, NULL),
('GB/T 98001-2000', 'merges', 'GB/T 98002-1994', NULL, '三个模型合为一个'),
('GB/T 98001-2000', 'merges', 'GB/T 98003-1994', NULL, NULL),
('GB/T 98001-2016', 'replaces', 'GB/T 98001-2000', NULL, NULL),
('GB/T 98001-2026', 'replaces', 'GB/T 98001-2016', NULL, NULL),
('GB/T 98001-2016/XG1-2020', 'amends', 'GB/T 98001-2016', NULL, NULL),
('GB/T 98001-2016', 'adopts', 'ISO 98001:2015', 'IDT', NULL),
('GB/T 98001-2016', 'cites', 'GB/T 98012-2001', NULL, NULL),
('GB/T 98001-2016', 'cites', 'GB/T 98999-1999', NULL, NULL),
('GB 98011-2001', 'splits', 'GB 98010-1990', NULL, NULL),
('GB/T 98012-2001', 'splits', 'GB 98010-1990', NULL, NULL),
('ISO 98070', 'replaces', 'ISO 98070:2015', NULL, NULL),
('ISO 98020:2003', 'replaces', 'ISO 98020:1999', NULL, NULL),
('ISO 98020:2007', 'replaces', 'ISO 98020:2003', NULL, NULL),
('ISO 98020:1999', 'replaces', 'ISO 98020:2007', NULL, NULL);
-- One that 14 parts take the place of.
INSERT INTO joined
SELECT format('ISO 98060-%d:1997', value), 'splits', 'ISO 98060:1975', NULL,
	NULL FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14]');
INSERT INTO relation (from_key, type, to_key, from_number, to_number, degree,
	note, source, verified_at)
SELECT std_key(newer), type, std_key(older), newer, older, degree, note,
	'测试数据', '2026-11-01' FROM joined;

INSERT INTO article (id, section_id, published, updated, title, body, status)
SELECT 91001, id, 1700000000, 1700000000, '试金石体系换版',
	'GB/T 98001-2016 将被代替。另见 GB/T 98001—2000、GB 98011 和没有收录的'
	|| ' GB/T 98765-2020。', 'live' FROM section WHERE slug = 'zcfg';
-- Announcements: one of more standards than a page lists, one hostile.
INSERT INTO announcement (id, number, issuer, title, day, url, created, source,
	verified_at)
VALUES (1, '2026年第1号', '测试委员会', '测试委员会公告（2026年第1号）',
	'2026-01-05', NULL, 1767571200, '测试委员会公告 2026年第1号',
	'2026-01-05'),
(2, '2026年第1号', '测试省局', '=> gopher://x <b>&"' || char(10) || '# 公告',
	'2026-11-01', 'https://example.org/2026/1', 1795300000, '测试数据',
	NULL);
INSERT INTO announcement_item (announcement_id, position, key, number, title,
	replaces, implemented)
VALUES (2, 1, 'GB-T-98001-2016', 'GB/T 98001-2016', '试金石', 'GB/T 98001-2000',
	'2017-01-01'),
(2, 2, 'GB-T-98770-2026', 'GB/T 98770-2026', NULL, NULL, NULL);
INSERT INTO announcement_item (announcement_id, position, key, number, title,
	implemented)
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51)
SELECT 1, i, 'DB46-T-' || (98100 + i) || '-2026', 'DB46/T ' || (98100 + i)
	|| '-2026', '第' || i || '项', '2026-06-01' FROM n;
-- What a night has made.
INSERT INTO guiju_file (name, position, bytes, sha256, rows, made) VALUES
('catalogue.sqlite3', 1, 254779392, replace(hex(zeroblob(32)), '00', 'a1'),
	NULL, 1795375800),
('catalogue.sqlite3.xz', 2, 31457280, replace(hex(zeroblob(32)), '00', 'b2'),
	NULL, 1795375800),
('catalogue-standards.csv', 3, 1045, replace(hex(zeroblob(32)), '00', 'c3'),
	12, 1795375800),
('other-table.csv.xz', 4, 5000000, replace(hex(zeroblob(32)), '00', 'd4'),
	100000, 1795375800);
-- An editor, and what waits for one.
INSERT INTO account (id, name, folded, role, consent, consented, created,
	last_seen)
VALUES (1, '王编辑', '王编辑', 'editor', '2026-12-01', 1795000000, 1795000000,
	1795400000),
(2, 'Xiaoming 小明', 'xiaoming 小明', NULL, '2026-12-01', 1795100000,
	1795100000, 1795400000);
INSERT INTO account_certificate (account_id, fingerprint, label, until, state,
	first_seen, last_seen, changed, reason)
VALUES (1, replace(hex(zeroblob(32)), '00', 'e1'), '', NULL, 'active',
	1795000000, 1795400000, 1795000000, NULL),
(2, replace(hex(zeroblob(32)), '00', 'a1'), '电脑', 1795406400 + 5 * 86400,
	'active', 1795100000, 1795400000, 1795100000, NULL),
(2, replace(hex(zeroblob(32)), '00', 'a2'), '手机', 1800000000, 'active',
	1795200000, 1795300000, 1795200000, NULL),
(2, replace(hex(zeroblob(32)), '00', 'a3'), '旧手机', 1800000000, 'revoked',
	1795100000, 1795100000, 1795200000, '丢了'),
(2, replace(hex(zeroblob(32)), '00', 'a4'), '平板', 1800000000, 'pending',
	1795400000, 1795400000, 1795400000, NULL);
INSERT INTO editor_act (name, act, about, created)
VALUES ('李编辑', '通过异议', '第 1 号，GB/T 98001-2016', 1795300000);
INSERT INTO guiju_term VALUES ('standard', '砺石', '2026-11-22', 3),
('standard', '砺石', '2026-11-23', 1), ('article', '砺石', '2026-11-23', 2);
INSERT INTO zero_hit (term, day, n) VALUES ('砺石粉', '2026-11-23', 2);
INSERT INTO status_dispute (key, number, kind, remark, created)
VALUES ('GB-T-98001-2016', 'GB/T 98001-2016', '作废', '见公告', 1795300000);
-- Messages: one that is overdue, one that its reader has withdrawn.
INSERT INTO message (id, year, serial, number, code_hash, kind, body, created,
	due)
VALUES (101, 2026, 1, 'LY2026-000001', replace(hex(zeroblob(32)), '00', 'f5'),
	'咨询', 'GB/T 98001 还有效吗？' || char(10) || '=> 第二行', 1794900000,
	'2026-11-22'),
(102, 2026, 2, 'LY2026-000002', replace(hex(zeroblob(32)), '00', 'f6'),
	'意见', '要撤回的', 1795300000, '2026-11-27');
INSERT INTO message_step (message_id, created, state, note)
VALUES (101, 1794900000, '待处理', NULL), (102, 1795300000, '待处理', NULL),
(101, 1795000000, '办理中', '三天内答复'), (102, 1795310000, '已撤回', NULL);
INSERT INTO internal_note (kind, about, created, name, note)
VALUES ('message', 101, 1795000060, '王编辑', '问过三室了'),
('dispute', (SELECT max(id) FROM status_dispute), 1795300060, '王编辑',
	'公告编号待查');
-- Applications for membership: one that is to be completed, and a draft.
INSERT INTO application (id, year, serial, number, account_id, kind, name,
	contact, about, listed, created)
SELECT 1, 2026, 1, 'RH2026-0001', account_id, '单位会员', '示例合作社',
	'0898-0000-0123', '种椰子', 1, 1795000000 FROM account_certificate
	WHERE fingerprint = replace(hex(zeroblob(32)), '00', 'a1')
UNION ALL SELECT 2, 2026, 2, 'RH2026-0002', account_id, '个人会员', '示例读者',
	NULL, NULL, 0, 1795300000 FROM account_certificate
	WHERE fingerprint = replace(hex(zeroblob(32)), '00', 'a1');
INSERT INTO application_step (application_id, created, name, state, note)
VALUES (1, 1795000000, '申请人', '草稿', NULL),
(2, 1795300000, '申请人', '草稿', NULL),
(1, 1795000600, '申请人', '已提交', NULL),
(1, 1795100000, '秘书处', '补正', '请写全称');
INSERT INTO internal_note (kind, about, created, name, note)
VALUES ('application', 1, 1795100060, '王编辑', '与去年的同名'),
('member', 3, 1795100070, '王编辑', '会费已缴');
-- The reader's basket, and an order that is quoted.
INSERT INTO basket (account_id, unit, contact, delivery, touched)
SELECT account_id, '示例合作社', '张收件 0898-0000-0123', NULL, 1795300000
FROM account_certificate
WHERE fingerprint = replace(hex(zeroblob(32)), '00', 'a1');
INSERT INTO basket_line (account_id, item_id, quantity, old_edition)
SELECT account_id, column1, column2, column3 FROM basket,
	(VALUES (2, 1, 1), (5, 3, 0), (8, 1, 0));
INSERT INTO shop_order (id, year, serial, number, account_id, unit, contact,
	delivery, remark, member, freight, created)
SELECT 1, 2026, 1, 'DG2026-0001', account_id, '示例合作社',
	'张收件 0898-0000-0123', '快递', '发票抬头同单位', 0, 1200, 1795000000
FROM basket;
INSERT INTO shop_order_line (order_id, item_id, name, format, language, status,
	quantity, price)
VALUES (1, 2, 'GB/T 1.1-2009 示例', '纸质', '中文', '被代替', 1, 4800),
(1, 9, '示例讲义', '纸质', '中文', NULL, 3, 1500);
INSERT INTO shop_order_step (order_id, created, name, state, note)
VALUES (1, 1795000000, '读者', '待报价', NULL),
(1, 1795100000, '书店', '已报价', '含快递');
INSERT INTO shop_order_note (order_id, created, name, note)
VALUES (1, 1795100060, '王编辑', '二号窗口有现货');
