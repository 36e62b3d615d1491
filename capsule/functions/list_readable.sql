-- list_readable(items)
--
-- How many lines of what list_items() gave may be standards.
SELECT count(*) FROM json_each(:items) WHERE value ->> 'number' IS NOT NULL
	OR text_fold(value ->> 'raw') GLOB '*[0-9]*'
