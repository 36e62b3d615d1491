-- SPDX-License-Identifier: ISC
--
-- An attachment as readers see it.
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
