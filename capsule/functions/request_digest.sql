-- request_digest(request, found)
--
-- A short name for all that a reader is shown before a request is submitted: the
-- version of each answer, the files and what the portal has found. It tells
-- nothing of an answer, since it stands in an address.
SELECT substr(sha256(:found || '/' || (SELECT json_group_array(json_array(field_id,
	round, version)) FROM (SELECT field_id, round, version FROM request_form
		WHERE request_id = :request ORDER BY field_id)) || '/' ||
	(SELECT json_group_array(id) FROM (SELECT id FROM request_file
		WHERE request_id = :request AND field_id IS NOT NULL
		AND dropped IS NULL
		ORDER BY id))), 1, 16)
