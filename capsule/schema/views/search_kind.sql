-- SPDX-License-Identifier: ISC
--
-- 搜索类型: what can be searched, by the name in the address, /search/KIND.
-- Each section with articles is one of them.
CREATE VIEW search_kind AS
	SELECT column1 AS position, column2 AS kind, NULL AS section_id,
		NULL AS mark, column3 AS name, '按' || column3 || '搜索' AS action,
		column4 AS hint
	FROM (VALUES (1, 'title', '标题', '引题、标题或副题中的文字'),
		(2, 'text', '全文', '标题或正文中的文字'),
		(3, 'source', '来源', '文章来源的名称'))
	UNION ALL
	SELECT 100 + id, slug, id, mark, name, '在' || name || '中搜索',
		'标题或正文中的文字'
	FROM section WHERE kind = 'news';
