-- SPDX-License-Identifier: ISC
--
-- A text that a page has refused is kept for the certificate that sent it
-- (guiju_draft). It goes with what it was meant for, and with the account. The
-- texts of a certificate that only asks to come to an account are not the
-- account's.
CREATE TRIGGER kept_account_delete BEFORE DELETE ON account
BEGIN
	DELETE FROM guiju_draft WHERE cert IN (SELECT fingerprint
		FROM account_certificate WHERE account_id = OLD.id
		AND state <> 'pending');
END;

CREATE TRIGGER kept_request_delete AFTER DELETE ON request
BEGIN
	DELETE FROM guiju_draft WHERE cert IN (SELECT fingerprint
		FROM account_certificate WHERE account_id = OLD.account_id
		AND state <> 'pending')
		AND (path GLOB '/my/request/CG' || OLD.id || '/*'
			OR path GLOB '/my/request/' || OLD.number || '/*');
END;

CREATE TRIGGER kept_comment_delete AFTER DELETE ON draft_comment
BEGIN
	DELETE FROM guiju_draft WHERE cert IN (SELECT fingerprint
		FROM account_certificate WHERE account_id = OLD.account_id
		AND state <> 'pending')
		AND path GLOB '/my/comment/' || OLD.number || '/*';
END;
