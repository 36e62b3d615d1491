-- SPDX-License-Identifier: ISC
--
-- What the form of a request asks, with the answer that counts: that of its
-- last round, and how many files count. A field that is no longer asked is shown where it was answered.
CREATE VIEW request_form AS
	SELECT r.id AS request_id, f.id AS field_id, f.slug, f.position, f.name,
		f.form, f.prompt, f.help, f.required, f.rule, f.choices, f.least,
		f.most, v.value, coalesce(v.version, 0) AS version,
		coalesce(v.round, 0) AS round,
		(SELECT count(*) FROM request_file
			WHERE request_id = r.id AND field_id = f.id
			AND dropped IS NULL) AS files
	FROM request r JOIN request_field f ON f.kind_id = r.kind_id
	LEFT JOIN request_value v ON v.request_id = r.id AND v.field_id = f.id
		AND v.round = (SELECT max(round) FROM request_value
			WHERE request_id = r.id AND field_id = f.id)
	WHERE f.asked = 1 OR v.value IS NOT NULL
		OR EXISTS (SELECT 1 FROM request_file
			WHERE request_id = r.id AND field_id = f.id);
