-- SPDX-License-Identifier: ISC
--
-- Samples (示例) of what readers write and are answered: the code of the message
-- is 1234-5678-9abc.

INSERT INTO message (year, serial, number, code_hash, kind, body, created, due,
	sample)
VALUES (2025, 1, 'LY2025-000001',
	-- sha256('LY2025-000001 123456789abc')
	'92b88f00b14dbd28ab0acd23754b6e5c56e6764bb6a31b640a6e2492ddc4f3ba',
	'咨询', '（示例）我们是做椰子糖的小厂，产品标准引用的 GB/T 191-2000 还能用吗？应当改成哪一个？',
	1762823100, '2025-11-16', 1);
INSERT INTO message_step (message_id, created, state, note)
SELECT id, 1762823100, '待处理', NULL FROM message
	WHERE number = 'LY2025-000001'
UNION ALL SELECT id, 1762826700, '办理中', NULL FROM message
	WHERE number = 'LY2025-000001'
UNION ALL SELECT id, 1762911000, '已答复',
	'（示例）GB/T 191-2000 已被 GB/T 191-2008《包装储运图示标志》代替。企业标准引用了被代替的标准，应当在复审时改为现行版；把引用清单整份粘贴到“标准有效性确认”，可以一次核对。'
	FROM message WHERE number = 'LY2025-000001';

INSERT INTO public_answer (id, day, question, answer)
VALUES (1, '2025-11-18', '（示例）企业标准里引用的标准被代替了，怎么办？',
	'引用不注日期的，自然适用最新版；注日期的，应当在复审时改为现行版，并重新自我声明公开。把引用清单粘贴到“标准有效性确认”，可以一次核对是否有效、由什么代替。'),
	(2, '2025-12-02', '（示例）在哪里可以免费阅读强制性国家标准的全文？',
	'国家标准全文公开系统免费公开强制性国家标准文本，地址在本站每项强制性标准的页面上。本站只登载题录，不提供标准全文。');
