-- SPDX-License-Identifier: ISC
--
-- A request as lists want it: its address for the reader, the answer that
-- names it, how many required answers are missing, the last step of the office
-- that the reader has not said to have read, and whether the last word of an open
-- request is the reader's.
CREATE VIEW request_shown AS
	SELECT r.id, r.account_id, r.kind_id, r.number,
		coalesce(r.number, 'CG' || r.id) AS address, k.name AS kind,
		k.slug AS kind_slug, k.course, k.keep_months, r.created, r.touched,
		r.due, r.state, r.stage, r.round, r.seen,
		r.state || coalesce('（' || r.stage || '）', '') AS standing,
		coalesce((SELECT value FROM request_form f WHERE f.request_id = r.id
			ORDER BY f.position LIMIT 1), '没有名称') AS title,
		(SELECT count(*) FROM request_form f WHERE f.request_id = r.id
			AND f.required AND f.value IS NULL AND f.files = 0) AS missing,
		(SELECT max(s.id) FROM request_step s WHERE s.request_id = r.id
			AND s.name = '服务窗口' AND s.id > r.seen) AS unread,
		r.state IN ('已提交', '受理', '补正', '办理中')
			AND (SELECT name = '申请人' FROM request_step
				WHERE request_id = r.id ORDER BY id DESC LIMIT 1)
			AND (SELECT state FROM request_step WHERE request_id = r.id
				ORDER BY id DESC LIMIT 1 OFFSET 1) = r.state AS replied
	FROM request r JOIN request_kind k ON k.id = r.kind_id;
