-- SPDX-License-Identifier: ISC
--
-- A project as pages want it: `standing` is its stage, with the result
-- of what was accepted.
CREATE VIEW pilot_shown AS
SELECT *, stage || iif(stage = '已验收', '（' || result || '）', '') AS standing,
	stage NOT IN ('已验收', '已终止', '已撤销') AS open
FROM pilot;
