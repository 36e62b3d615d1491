-- SPDX-License-Identifier: ISC
--
-- What happens to an edition, a row for each day that is known: past and to
-- come. `key` is the key: a statement asks for one edition. `day` is whole.
CREATE VIEW standard_life (key, day, said) AS
	SELECT key, issued, '发布' FROM standard
	UNION ALL SELECT key, effective, '实施' FROM standard
	UNION ALL SELECT key, confirmed, '复审确认，继续有效' FROM standard
	UNION ALL SELECT key, abolished, '废止' FROM standard
	UNION ALL
	SELECT r.to_key, n.issued, n.number || ' 发布，'
		|| iif(r.type = 'partly', '将部分代替它', '将代替它')
	FROM relation r JOIN standard n ON n.key = r.from_key
	WHERE r.succession > 0 AND r.type <> 'mandate' AND n.void <> 1
	UNION ALL
	SELECT r.to_key, coalesce(r.day, n.effective), '被 ' || n.number
		|| iif(r.type = 'partly', ' 部分代替', ' 代替')
	FROM relation r JOIN standard n ON n.key = r.from_key
	WHERE r.succession > 0 AND r.type <> 'mandate' AND n.void <> 1
	UNION ALL
	SELECT r.to_key, n.issued, iif(r.type = 'amends', '修改单 ', '勘误 ')
		|| n.number
	FROM relation r JOIN standard n ON n.key = r.from_key
	WHERE r.type IN ('amends', 'corrects');
