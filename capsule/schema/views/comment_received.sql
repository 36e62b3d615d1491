-- SPDX-License-Identifier: ISC
--
-- A comment that was handed in, withdrawn since or not: what the drafters may
-- see. One that was begun only is its reader's alone.
CREATE VIEW comment_received AS
SELECT c.* FROM draft_comment c WHERE c.state <> '草稿' AND EXISTS (SELECT 1
	FROM comment_step WHERE comment_id = c.id AND state = '待处理');
