-- application_digest(application)
--
-- A short name for all that an application for membership says, before it is
-- submitted.
SELECT substr(sha256(json_array(kind, name, contact, about, listed)), 1, 16)
FROM application WHERE id = :application
