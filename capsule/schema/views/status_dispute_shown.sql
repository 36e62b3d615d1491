-- SPDX-License-Identifier: ISC
--
-- A dispute as readers see it: 忽略 hides the remark for good.
CREATE VIEW status_dispute_shown AS
	SELECT id, key, number, kind, state,
		local_day(created) AS day,
		CASE state WHEN '待审核' THEN '说明在审核以后显示。'
			WHEN '忽略' THEN '说明不予显示。'
			ELSE remark END AS remark,
		answer,
		local_day(decided) AS decided_on
	FROM status_dispute;
