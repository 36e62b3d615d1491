-- SPDX-License-Identifier: ISC
--
-- A draft that nobody has touched for 90 days goes. A 补正 that has not come by
-- its day is taken for withdrawn. Of a request that is closed, what is secret is
-- erased a year after its last step, and the request goes, with its files, after
-- the months of its service. A portion deletes one request, since its files are
-- overwritten.
-- /* in portions */
DELETE FROM request WHERE id IN (SELECT id FROM request
	INDEXED BY request_draft WHERE state = '草稿'
	AND touched < unixepoch() - 90 * 86400 ORDER BY touched LIMIT 1);
INSERT INTO request_step (request_id, created, name, state, note)
SELECT id, unixepoch(), '服务窗口', '撤回', '补正过期没有交来，按撤回处理'
FROM request INDEXED BY request_open
WHERE state IN ('已提交', '受理', '补正', '办理中') AND state = '补正'
	AND due < local_day(unixepoch())
ORDER BY due, id LIMIT 500;
UPDATE request_value SET value = NULL WHERE rowid IN (
	SELECT v.rowid FROM request r INDEXED BY request_closed
	JOIN request_value v ON v.request_id = r.id AND v.value IS NOT NULL
	JOIN request_field f ON f.id = v.field_id AND f.form = 'secret'
	WHERE r.state IN ('不予受理', '办结', '撤回')
	AND (SELECT max(created) FROM request_step WHERE request_id = r.id)
		< unixepoch() - 366 * 86400
	ORDER BY r.id LIMIT 1000);
DELETE FROM request WHERE id IN (
	SELECT r.id FROM request r INDEXED BY request_closed
	JOIN request_kind k ON k.id = r.kind_id
	WHERE r.state IN ('不予受理', '办结', '撤回')
	AND (SELECT max(created) FROM request_step WHERE request_id = r.id)
		< unixepoch() - k.keep_months * 31 * 86400
	ORDER BY r.id LIMIT 1);
