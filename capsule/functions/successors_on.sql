-- successors_on(key, ended, day)
--
-- What had replaced a standard by a day: JSON, a list of key, number and the
-- day from which it does. Of one that has not ended, drafts replace nothing.
--
-- Few successors are void, and most standards have one: to ask for who stands
-- in the place of a void one costs four times the rest. SQLite would make a
-- temporary table at each call for an ORDER BY with a LIMIT and for IN with
-- three values.
SELECT iif(past, successors_past(:key, :ended, :day), successors)
FROM (SELECT max(void IS 1) AS past,
		json_group_array(json_object('key', key, 'number', number,
		'effective', effective)) AS successors
	FROM (SELECT * FROM (SELECT r.type, r.from_key AS key,
			coalesce(o.number, r.from_number) AS number,
			coalesce(o.sort, r.from_key) AS sort, o.issued, o.stated,
			o.void, iif(o.void = 2, NULL,
				coalesce(r.day, o.effective)) AS effective
			FROM relation r LEFT JOIN standard o ON o.key = r.from_key
			WHERE r.to_key = :key AND r.succession > 0 LIMIT 100)
		WHERE void = 1 OR ((issued IS NULL OR issued <= :day)
			AND (:ended OR CASE stated WHEN '制定中' THEN 0
			WHEN '即将发布' THEN 0 WHEN '项目终止' THEN 0
			ELSE 1 END))
		ORDER BY type, sort) LIMIT 1)
