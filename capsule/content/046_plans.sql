-- SPDX-License-Identifier: ISC
--
-- Plans for standards, samples (样例): one has a draft that is open for comment,
-- for 45 days from the day on which this is stored.

INSERT INTO plan (id, number, title, level, action, proposer, committee, drafters,
	about, approved, due, result_key, sample)
VALUES (1, 'YL-2026-001', '会展运营导则（样例）', '地方', '修订',
	'示例商务局（样例）', '示例会展标准化技术委员会（样例）',
	'示例标准技术研究所；示例会展中心（样例）',
	'原导则没有规定临时搭建的安全检查和垃圾分类，这次修订补上。样例：计划、草案和意见均为演示。',
	'2026-03-10', '2027-06-30', NULL, 1),
(2, 'YL-2026-002', '地方标准制修订工作规范（样例）', '地方', '修订',
	'示例市场监督管理局（样例）', '示例标准化技术委员会（样例）',
	'示例标准技术研究所（样例）', '样例：计划为演示。',
	'2026-05-20', '2027-12-31', NULL, 1),
(3, 'YL-2025-007', '生咖啡感官品评室建设要求（样例）', '团体', '制定',
	'示例咖啡行业协会（样例）', '示例咖啡行业协会（样例）',
	'示例咖啡专业合作社；示例检测公司（样例）', '样例：计划为演示。',
	'2025-04-08', '2026-10-31', NULL, 1),
(4, 'YL-2024-003', '森林康养步道建设技术规范（样例）', '地方', '制定',
	'示例林业局（样例）', '示例林业标准化技术委员会（样例）',
	'示例林业研究所（样例）', '样例：计划为演示。',
	'2024-09-02', '2026-06-30', 'DB46-T-751-2026', 1);

INSERT INTO plan_replaces (plan_id, key, number)
VALUES (1, 'DB4602-T-13-2022', 'DB4602/T 13-2022'),
(2, 'DB46-T-74-2021', 'DB46/T 74-2021');

INSERT INTO plan_step (plan_id, created, day, stage, note)
VALUES (1, unixepoch('2026-03-10'), '2026-03-10', '立项', '列入年度计划（样例）'),
(1, unixepoch('2026-04-15'), '2026-04-15', '起草', '成立起草组，开始调研（样例）'),
(2, unixepoch('2026-05-20'), '2026-05-20', '立项', NULL),
(2, unixepoch('2026-07-01'), '2026-07-01', '起草', NULL),
(3, unixepoch('2025-04-08'), '2025-04-08', '立项', NULL),
(3, unixepoch('2025-06-02'), '2025-06-02', '起草', NULL),
(3, unixepoch('2026-02-16'), '2026-02-16', '征求意见', NULL),
(3, unixepoch('2026-09-10'), '2026-09-10', '审查', '审查会要求补充验证数据（样例）'),
(4, unixepoch('2024-09-02'), '2024-09-02', '立项', NULL),
(4, unixepoch('2026-06-12'), '2026-06-12', '出版', '已发布（样例）');

INSERT INTO plan_draft (id, plan_id, version, about)
VALUES (1, 1, 1, '主要变化：增加临时搭建的安全检查（第 5 章）和垃圾分类（第 6 章）。样例：草案的文字为演示，不是标准。');

INSERT INTO draft_clause (id, draft_id, position, clause, title, body)
VALUES (1, 1, 0, '0', '整个草案',
	'对整个草案、它的名称或者结构的意见，写在这里。'),
(2, 1, 1, '1', '范围',
	'本文件给出了会展运营的总体原则、场地、人员、安全和环境的建议。
本文件适用于在室内场馆举办的展览和会议。'),
(3, 1, 2, '2', '规范性引用文件', '本文件没有规范性引用文件。'),
(4, 1, 3, '3', '术语和定义',
	'3.1 临时搭建：为一次活动搭建、活动以后拆除的展台、舞台和看台。'),
(5, 1, 4, '4', '总体原则',
	'会展运营宜做到安全第一、信息公开、方便参加者、减少浪费。'),
(6, 1, 5, '5.1', '临时搭建：图纸',
	'高度超过 4.5 m 的临时搭建，宜在进场 10 日以前提交图纸。'),
(7, 1, 6, '5.2', '临时搭建：检查',
	'开展以前宜由主办者、搭建者和场馆共同检查，检查结果宜有记录。'),
(8, 1, 7, '6', '环境',
	'场馆宜设置分类垃圾容器，并公布每次活动的垃圾总量。');

UPDATE plan_draft SET state = '公布', opened = date('now', '-10 days'),
	until = date('now', '+45 days') WHERE id = 1;

INSERT INTO plan_step (plan_id, created, day, stage, note)
VALUES (1, unixepoch('now', '-10 days'), date('now', '-10 days'), '征求意见',
	'征求意见稿公开（样例）');

INSERT INTO draft_comment (id, year, serial, number, draft_id, clause_id, kind,
	body, proposal, signed, created, sample)
VALUES (1, 2025, 1, 'YJ2025-0001', 1, 6, '技术',
	'4.5 m 以下的双层展台同样有风险，建议一并要求提交图纸（样例）。',
	'高度超过 4.5 m 的临时搭建和双层展台，宜在进场 10 日以前提交图纸。',
	'示例会展公司（样例）', unixepoch('now', '-8 days'), 1),
(2, 2025, 2, 'YJ2025-0002', 1, 8, '一般',
	'公布垃圾总量对小型会议没有必要，建议删去（样例）。', NULL, NULL,
	unixepoch('now', '-6 days'), 1);

INSERT INTO comment_step (comment_id, created, name, state, note)
VALUES (1, unixepoch('now', '-8 days'), '提意见人', '草稿', NULL),
(1, unixepoch('now', '-8 days'), '提意见人', '待处理', NULL),
(1, unixepoch('now', '-3 days'), '起草组', '采纳',
	'双层展台写进 5.1（样例）。'),
(2, unixepoch('now', '-6 days'), '提意见人', '草稿', NULL),
(2, unixepoch('now', '-6 days'), '提意见人', '待处理', NULL),
(2, unixepoch('now', '-3 days'), '起草组', '部分采纳',
	'保留公布总量，只对参加者 500 人以上的活动（样例）。');
