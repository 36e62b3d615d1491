-- SPDX-License-Identifier: ISC
--
-- What may follow a stage. `result`: of the stage before; NULL: any. `place`: of
-- next in the course of stages. A stage may be said once more, with another note.
CREATE VIEW pilot_next (stage, result, next, place) AS VALUES
	('立项', NULL, '立项', 1), ('立项', NULL, '建设中', 2),
	('立项', NULL, '中期评估', 3), ('立项', NULL, '待验收', 4),
	('立项', NULL, '已终止', 6),
	('建设中', NULL, '建设中', 2), ('建设中', NULL, '中期评估', 3),
	('建设中', NULL, '待验收', 4), ('建设中', NULL, '已终止', 6),
	('中期评估', NULL, '中期评估', 3), ('中期评估', NULL, '建设中', 2),
	('中期评估', NULL, '待验收', 4), ('中期评估', NULL, '已终止', 6),
	('待验收', NULL, '待验收', 4), ('待验收', NULL, '建设中', 2),
	('待验收', NULL, '已验收', 5), ('待验收', NULL, '已终止', 6),
	('已验收', '不通过', '建设中', 2), ('已验收', '不通过', '待验收', 4),
	('已验收', '不通过', '已终止', 6), ('已验收', '通过', '已撤销', 7);
