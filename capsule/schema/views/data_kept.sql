-- SPDX-License-Identifier: ISC
--
-- The texts of a reader that pages have refused and kept, as lines for that
-- reader (data_line). Those of a certificate that only asks to come to the
-- account are another's.
CREATE VIEW data_kept (account_id, section, place, line) AS
	SELECT c.account_id, 80, d.id, format('%s, %s, %s, %s', local_time(d.made),
		d.path, d.reason, d.text)
	FROM account_certificate c JOIN guiju_draft d ON d.cert = c.fingerprint
	WHERE c.state <> 'pending';
