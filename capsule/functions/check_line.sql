-- check_line(raw, number, key, rest, day)
--
-- The verdict on one line of a list: a JSON object. Of a number that was read
-- and has nothing behind it, raw has no part in the verdict. `match` says how the
-- standard was found: 匹配方式. The LIMIT of each step keeps it from being worked
-- out more than once. Few standards are amended: to ask whether one is costs a
-- fifth of asking by what.
WITH found AS (
		SELECT check_found(:raw, :number, :key, :rest, :day) AS found
		LIMIT 1),
	known AS (SELECT substr(found, instr(found, ' ') + 1) AS match, s.id,
		s.key, s.number, s.name, s.issued, s.implemented, s.abolished,
		s.source, s.verified_at, s.successor_key AS next,
		coalesce(s.successor_key, s.partly, s.mandate_changed) AS newer,
		iif(s.id IS NULL, NULL, coalesce(status_on(s.id, :day), '待核实'))
			AS status,
		iif(found = '0 号码后连写的文字与名称不一致', NULL, :number)
			AS listed,
		iif(:rest = '', '', check_doubt(s.title, :rest)) AS doubt
		FROM found LEFT JOIN standard s ON s.id = CAST(found AS INTEGER)
		LIMIT 1),
	judged AS (SELECT *, CASE
		WHEN id IS NULL THEN iif(match = '没有匹配', '未收录', '号码疑误')
		WHEN status IN ('现行', '转为推荐性') THEN '有效'
		WHEN status = '现行(将被代替)' THEN '有效但即将被代替'
		WHEN status = '部分被代替' THEN '部分有效'
		WHEN status = '即将实施' THEN '尚未实施'
		WHEN status IN ('被代替', '废止') THEN status
		ELSE '待核实' END AS verdict FROM known LIMIT 1)
SELECT json_object('number', listed,
	'key', key, 'found', number, 'title', substr(name, 1, 120),
	'match', match, 'verdict', verdict, 'status', status, 'issued', issued,
	'implemented', implemented, 'abolished', abolished, 'successors',
	json(iif(newer IS NULL, '[]', successors_on(key,
		verdict IN ('被代替', '废止'), :day))),
	'amendments', iif(EXISTS (SELECT 1 FROM relation
		WHERE to_key = key AND type = 'amends')
		OR EXISTS (SELECT 1 FROM relation
		WHERE to_key = key AND type = 'corrects'),
		amendments_on(key, :day), NULL),
	'doubt', ltrim(doubt, '；'), 'note', trim(ltrim(doubt || CASE
		WHEN id IS NULL THEN check_unread(:raw, :number, listed, :rest, match)
		WHEN status = '现行' THEN '' ELSE check_state(key, next, status,
			verdict, verified_at, :day) END, '；')),
	'source', source, 'verified_at', verified_at)
FROM judged LIMIT 1
