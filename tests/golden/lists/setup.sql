-- A section with 4,123 more articles than anybody would write for a test, so
-- that there is a page 1, a page in the middle and a last page; and articles
-- in every state that a reader can meet.
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4123)
INSERT INTO article (section_id, published, updated, title, body, status,
	pinned)
SELECT (SELECT id FROM section WHERE slug = 'gnwbzhdt'),
	1000000000 + i * 86400 * 2, 1000000000 + i * 86400 * 2,
	'第' || i || '篇', '第' || i || '篇的正文。', 'live', 0
FROM n;

-- In every state: withdrawn, still to come, a draft, moved.
INSERT INTO article (id, section_id, published, updated, title, body, status,
	reason)
SELECT 90001, id, 1700000000, 1700000000, '撤下的一篇', '正文。',
	'withdrawn', '内容有误' FROM section WHERE slug = 'zcfg';
INSERT INTO article (id, section_id, published, updated, title, body, status)
SELECT 90002, id, 4000000000, 4000000000, '将来的一篇', '正文。', 'live'
FROM section WHERE slug = 'zcfg';
INSERT INTO article (id, section_id, published, updated, title, body, status)
SELECT 90003, id, 1700000000, 1700000000, '草稿一篇', '正文。', 'draft'
FROM section WHERE slug = 'zcfg';
INSERT INTO old_address (path, article_id)
VALUES ('/bzhfw/gnwbzhdt/2019/01/1234', 1), ('/article/80000', 2);
INSERT INTO old_address (path, section_id)
SELECT '/news/oldname/', id FROM section WHERE slug = 'zcfg';

-- What an editor may paste: nothing of it may become markup.
INSERT INTO article (id, section_id, published, updated, title, kicker,
	subtitle, byline, source, source_url, publisher, body, status)
SELECT 90004, id, 1700000001, 1700000001,
	'=> /evil 标题' || char(13, 10) || '# 第二行', '```', '* 条目',
	char(27) || '[31m' || char(8238) || '署名', char(9) || '来源' || char(10)
	|| '.', 'javascript:alert(1)', '2026-01-01 发布人',
	'# 大标题' || char(10) || '```未关闭' || char(10) || '=> x', 'live'
FROM section WHERE slug = 'bzfbdt';
