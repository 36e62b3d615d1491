-- SPDX-License-Identifier: ISC
--
-- The portal and its site map, in the order of the home page. These files are
-- run once, in a new database; afterwards the rows are the editors'.

INSERT INTO portal (id, name, summary, tag_date)
VALUES (1, '海南标准化服务门户',
	'标准化政策法规、工作动态、标准发布信息和咨询服务，用纯文本提供。',
	'2026');

INSERT INTO section (id, slug, name, kind, role, position, summary)
VALUES (1, 'service', '咨询服务', 'services', NULL, 1,
	'八项咨询服务的内容、流程、费用和联系方式。'),
	(2, 'zcfg', '标准化政策法规', 'news', 'laws', 2,
	'标准化方面的法律、法规、规章和政策文件，以及要点和问答。'),
	(3, 'gnwbzhdt', '国内外标准化动态', 'news', NULL, 3,
	'国内各地和国际、国外标准化工作的消息与介绍。'),
	(4, 'bzfbdt', '标准发布动态', 'news', 'announcements', 4,
	'标准批准发布、实施、修改和废止的公告与解读。'),
	(6, 'hnbzhdt', '海南标准化动态', 'news', NULL, 6,
	'海南各市县、各行业的标准化工作消息。');
