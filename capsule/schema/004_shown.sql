-- SPDX-License-Identifier: ISC
--
-- Views that keep the pages short: rows as readers see them.

-- Whose it is (NULL: nobody says) and when it came, as two short lines; times
-- in Asia/Shanghai.
CREATE VIEW article_shown AS
	SELECT a.id, a.section_id, s.slug AS section, s.name AS section_name,
		a.status, a.reason, a.published, a.updated, a.sample,
		a.kicker, a.title, a.subtitle, a.byline, a.source,
		a.source_url, a.publisher, a.summary, a.body, a.prose,
		date(a.published, 'unixepoch', '+8 hours') AS day,
		CASE WHEN a.source IS NULL THEN '发布人：' || a.publisher
			ELSE '文章来源：' || a.source
				|| coalesce('　发布人：' || a.publisher, '')
		END AS credit,
		'发布时间：' || datetime(a.published, 'unixepoch', '+8 hours')
			|| CASE WHEN a.updated > a.published THEN '　更新时间：'
				|| datetime(a.updated, 'unixepoch', '+8 hours')
				ELSE '' END AS dated
	FROM article a JOIN section s ON s.id = a.section_id;

CREATE VIEW attachment_shown AS
	SELECT article_id, position, file,
		CASE WHEN label GLOB '附件*' THEN label
			ELSE '附件：' || label END AS label,
		CASE substr(mime, 1, instr(mime || ';', ';') - 1)
			WHEN 'application/pdf' THEN 'PDF'
			WHEN 'text/csv' THEN 'CSV 表格'
			WHEN 'text/plain' THEN '纯文本'
			WHEN 'text/gemini' THEN '文本'
			WHEN 'application/zip' THEN 'ZIP 压缩包'
			ELSE CASE WHEN mime GLOB 'image/*' THEN '图片'
				WHEN mime GLOB 'audio/*' THEN '音频'
				ELSE mime END
		END AS kind,
		CASE WHEN bytes < 1024 THEN bytes || ' 字节'
			WHEN bytes < 1048576 THEN ((bytes + 1023) / 1024) || ' KB'
			ELSE format('%.1f MB', bytes / 1048576.0)
		END AS size
	FROM attachment;

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
