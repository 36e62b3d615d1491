-- SPDX-License-Identifier: ISC
--
-- A report as text, line by line: what `sha256` is the hash of, each line
-- followed by one LF. Lines of the head have positions up to 0.
CREATE VIEW validity_text (report_id, position, text) AS
	SELECT id, -8, '标准有效性确认报告' FROM validity_report
	UNION ALL SELECT id, -7, '报告编号：' || number FROM validity_report
	UNION ALL SELECT id, -6, '截止日：' || day FROM validity_report
	UNION ALL SELECT id, -5, '出具时间：' || made_at || '（北京时间）'
		FROM validity_report_shown
	UNION ALL SELECT id, -4, '数据日期：' || data_day
		FROM validity_report_shown
	UNION ALL SELECT id, -3, '条数：' || lines FROM validity_report
	UNION ALL SELECT id, -2, '统计：' || tally FROM validity_report_shown
	UNION ALL SELECT id, -1, '重查自：' || coalesce(old_number, '无')
		FROM validity_report_shown
	UNION ALL SELECT id, 0, '序号 | 原输入 | 标准号 | 名称 | 结论 | 发布 '
		|| '| 实施 | 废止 | 代替它的标准 | 修改单 | 匹配方式 | 备注 '
		|| '| 数据来源 | 核实日期' FROM validity_report
	UNION ALL SELECT report_id, position, text FROM validity_line_text;
