-- request_findings(rule, text, day)
--
-- What the portal finds by itself about an answer as of a day: a JSON array of
-- asked, key, said, fine. Of other rules than own-number, list and report:
-- nothing.
SELECT CASE :rule WHEN 'own-number' THEN json_array(json_object(
		'asked', :text, 'key', NULL, 'said', own_number_said(:text),
		'fine', own_number_said(:text) = '编号格式正确'))
	WHEN 'list' THEN list_findings(list_items(:text), :day)
	WHEN 'report' THEN (SELECT json_array(json_object('asked', r.number,
			'key', NULL, 'said', iif(gone, '报告已撤下；', '') || '截止日 '
			|| r.day || '，' || r.lines || ' 条：'
			|| coalesce(r.tally, '') || iif(open_n > 0,
				'；疑误、未收录、待核实的 ' || open_n || ' 条要复核', ''),
			'fine', open_n = 0 AND NOT gone))
		FROM (SELECT s.*, s.id IN (SELECT report_id FROM validity_withdrawn)
			AS gone, coalesce((SELECT sum(c.value)
			FROM validity_report v, json_each(v.counts) c WHERE v.id = s.id
			AND c.key IN ('号码疑误', '未收录', '待核实')), 0) AS open_n
			FROM validity_report_shown s WHERE s.number = :text) r)
	ELSE '[]' END
