-- SPDX-License-Identifier: ISC
--
-- What the services store of a reader, as lines for that reader (data_line). A
-- file is told by its address.
CREATE VIEW data_request (account_id, section, place, line) AS
	SELECT account_id, 60, id, format('%s, %s, %s, %s', address, kind, standing,
		local_time(created))
	FROM request_shown
	UNION ALL
	SELECT r.account_id, 61, r.id * 1000000 + f.position * 1000 + v.round,
		format('%s, %s, %d, %s', coalesce(r.number, 'CG' || r.id), f.name,
			v.round, v.value)
	FROM request r JOIN request_value v ON v.request_id = r.id
	JOIN request_field f ON f.id = v.field_id
	WHERE v.value IS NOT NULL
	UNION ALL
	SELECT r.account_id, 62, f.id, format(
		'%s, %s, %s, %d, %s, /my/request/%s/file/%d%s',
		coalesce(r.number, 'CG' || r.id),
		coalesce(q.name, '服务窗口给您的文件'), f.mime, f.bytes, f.sha256,
		coalesce(r.number, 'CG' || r.id), f.id,
		coalesce(', 第 ' || (f.dropped - 1) || ' 次补正起不再算数', ''))
	FROM request r JOIN request_file f ON f.request_id = r.id
	LEFT JOIN request_field q ON q.id = f.field_id
	UNION ALL
	SELECT r.account_id, 63, s.id, format('%s, %s, %s, %s, %s',
		coalesce(r.number, 'CG' || r.id), local_time(s.created), s.name,
		s.state || coalesce('（' || s.stage || '）', ''), s.note)
	FROM request r JOIN request_step s ON s.request_id = r.id
	UNION ALL
	SELECT r.account_id, 64, r.id * 1000000 + n.round * 1000 + n.position,
		format('%s, %d, %s, %s, %s', coalesce(r.number, 'CG' || r.id),
			n.round, n.day, n.asked, n.said)
	FROM request r JOIN request_finding n ON n.request_id = r.id;
