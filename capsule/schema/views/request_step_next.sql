-- SPDX-License-Identifier: ISC
--
-- Which state of a request follows which: `act` is the word in addresses,
-- `reader` 1 where the reader takes the step. From 办理中 to 办理中 a request
-- goes from stage to stage.
CREATE VIEW request_step_next AS
	SELECT column1 AS state, column2 AS next, column3 AS act,
		column4 AS reader
	FROM (VALUES ('草稿', '已提交', 'submit', 1),
		('已提交', '受理', 'accept', 0),
		('已提交', '补正', 'supplement', 0),
		('已提交', '不予受理', 'refuse', 0),
		('已提交', '撤回', 'withdraw', 1),
		('补正', '已提交', 'submit', 1),
		('补正', '不予受理', 'refuse', 0),
		('补正', '撤回', 'withdraw', 1),
		('受理', '办理中', 'work', 0),
		('受理', '补正', 'supplement', 0),
		('受理', '办结', 'finish', 0),
		('受理', '撤回', 'withdraw', 1),
		('办理中', '办理中', 'work', 0),
		('办理中', '补正', 'supplement', 0),
		('办理中', '办结', 'finish', 0),
		('办理中', '撤回', 'withdraw', 1));
