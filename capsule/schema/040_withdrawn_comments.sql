-- SPDX-License-Identifier: ISC
--
-- A comment that was withdrawn goes in time; the night finds it by the step.
CREATE INDEX comment_step_withdrawn ON comment_step (created)
	WHERE state = '撤回';
