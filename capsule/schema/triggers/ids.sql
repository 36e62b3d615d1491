-- SPDX-License-Identifier: ISC
--
-- An id is 1 or more. SQLite counts up from 1, so only a row by hand or from a
-- crafted file has another, and search indexes are not made for it. A CHECK
-- would want each table copied, with all that refers to it; the rows of a
-- catalogue are many. The id of a new row is known after its insert only.
CREATE TRIGGER section_id_positive AFTER INSERT ON section WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER section_id_positive_update BEFORE UPDATE OF id ON section WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER service_id_positive AFTER INSERT ON service WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER service_id_positive_update BEFORE UPDATE OF id ON service WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER article_id_positive AFTER INSERT ON article WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER article_id_positive_update BEFORE UPDATE OF id ON article WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER attachment_id_positive AFTER INSERT ON attachment WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER attachment_id_positive_update BEFORE UPDATE OF id ON attachment WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER validity_draft_id_positive AFTER INSERT ON validity_draft WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER validity_draft_id_positive_update BEFORE UPDATE OF id ON validity_draft WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER validity_report_id_positive AFTER INSERT ON validity_report WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER validity_report_id_positive_update BEFORE UPDATE OF id ON validity_report WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER status_dispute_id_positive AFTER INSERT ON status_dispute WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER status_dispute_id_positive_update BEFORE UPDATE OF id ON status_dispute WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER editor_act_id_positive AFTER INSERT ON editor_act WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER editor_act_id_positive_update BEFORE UPDATE OF id ON editor_act WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER import_batch_id_positive AFTER INSERT ON import_batch WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER import_batch_id_positive_update BEFORE UPDATE OF id ON import_batch WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER import_journal_id_positive AFTER INSERT ON import_journal WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER import_journal_id_positive_update BEFORE UPDATE OF id ON import_journal WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER org_id_positive AFTER INSERT ON org WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER org_id_positive_update BEFORE UPDATE OF id ON org WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER standard_id_positive AFTER INSERT ON standard WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER standard_id_positive_update BEFORE UPDATE OF id ON standard WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER announcement_id_positive AFTER INSERT ON announcement WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER announcement_id_positive_update BEFORE UPDATE OF id ON announcement WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER change_event_id_positive AFTER INSERT ON change_event WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER change_event_id_positive_update BEFORE UPDATE OF id ON change_event WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER message_id_positive AFTER INSERT ON message WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER message_id_positive_update BEFORE UPDATE OF id ON message WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER message_step_id_positive AFTER INSERT ON message_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER message_step_id_positive_update BEFORE UPDATE OF id ON message_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER message_visitor_id_positive AFTER INSERT ON message_visitor WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER message_visitor_id_positive_update BEFORE UPDATE OF id ON message_visitor WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER public_answer_id_positive AFTER INSERT ON public_answer WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER public_answer_id_positive_update BEFORE UPDATE OF id ON public_answer WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER internal_note_id_positive AFTER INSERT ON internal_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER internal_note_id_positive_update BEFORE UPDATE OF id ON internal_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER member_id_positive AFTER INSERT ON member WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER member_id_positive_update BEFORE UPDATE OF id ON member WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER application_id_positive AFTER INSERT ON application WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER application_id_positive_update BEFORE UPDATE OF id ON application WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER application_step_id_positive AFTER INSERT ON application_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER application_step_id_positive_update BEFORE UPDATE OF id ON application_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER shop_item_id_positive AFTER INSERT ON shop_item WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER shop_item_id_positive_update BEFORE UPDATE OF id ON shop_item WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER shop_order_id_positive AFTER INSERT ON shop_order WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER shop_order_id_positive_update BEFORE UPDATE OF id ON shop_order WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER shop_order_line_id_positive AFTER INSERT ON shop_order_line WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER shop_order_line_id_positive_update BEFORE UPDATE OF id ON shop_order_line WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER shop_order_step_id_positive AFTER INSERT ON shop_order_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER shop_order_step_id_positive_update BEFORE UPDATE OF id ON shop_order_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER shop_order_note_id_positive AFTER INSERT ON shop_order_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER shop_order_note_id_positive_update BEFORE UPDATE OF id ON shop_order_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER course_id_positive AFTER INSERT ON course WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER course_id_positive_update BEFORE UPDATE OF id ON course WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER registration_id_positive AFTER INSERT ON registration WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER registration_id_positive_update BEFORE UPDATE OF id ON registration WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER registration_step_id_positive AFTER INSERT ON registration_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER registration_step_id_positive_update BEFORE UPDATE OF id ON registration_step WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER registration_note_id_positive AFTER INSERT ON registration_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER registration_note_id_positive_update BEFORE UPDATE OF id ON registration_note WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER certificate_id_positive AFTER INSERT ON certificate WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER certificate_id_positive_update BEFORE UPDATE OF id ON certificate WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER watch_list_id_positive AFTER INSERT ON watch_list WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER watch_list_id_positive_update BEFORE UPDATE OF id ON watch_list WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER watch_item_id_positive AFTER INSERT ON watch_item WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER watch_item_id_positive_update BEFORE UPDATE OF id ON watch_item WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;

CREATE TRIGGER watch_event_id_positive AFTER INSERT ON watch_event WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
CREATE TRIGGER watch_event_id_positive_update BEFORE UPDATE OF id ON watch_event WHEN NEW.id < 1
BEGIN
	SELECT raise(ABORT, 'an id is 1 or more');
END;
