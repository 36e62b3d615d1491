-- SPDX-License-Identifier: ISC
--
-- What may follow a stage. `result`: of the stage before; NULL: any. A stage may
-- be said once more, with another note.
CREATE VIEW pilot_next (stage, result, next) AS VALUES
	('立项', NULL, '立项'), ('立项', NULL, '建设中'),
	('立项', NULL, '中期评估'), ('立项', NULL, '待验收'),
	('立项', NULL, '已终止'),
	('建设中', NULL, '建设中'), ('建设中', NULL, '中期评估'),
	('建设中', NULL, '待验收'), ('建设中', NULL, '已终止'),
	('中期评估', NULL, '中期评估'), ('中期评估', NULL, '建设中'),
	('中期评估', NULL, '待验收'), ('中期评估', NULL, '已终止'),
	('待验收', NULL, '待验收'), ('待验收', NULL, '建设中'),
	('待验收', NULL, '已验收'), ('待验收', NULL, '已终止'),
	('已验收', '不通过', '建设中'), ('已验收', '不通过', '待验收'),
	('已验收', '不通过', '已终止'), ('已验收', '通过', '已撤销');
