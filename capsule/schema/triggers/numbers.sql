-- SPDX-License-Identifier: ISC
--
-- A number that was given once stays given (number_given).
CREATE TRIGGER shop_order_number AFTER INSERT ON shop_order
BEGIN
	INSERT INTO number_given (kind, year, last)
	VALUES ('DG', NEW.year, NEW.serial)
	ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
END;

CREATE TRIGGER application_number AFTER INSERT ON application
BEGIN
	INSERT INTO number_given (kind, year, last)
	VALUES ('RH', NEW.year, NEW.serial)
	ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
END;

CREATE TRIGGER registration_number AFTER INSERT ON registration
BEGIN
	INSERT INTO number_given (kind, year, last)
	VALUES ('BM', NEW.year, NEW.serial)
	ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
END;

CREATE TRIGGER number_given_grows BEFORE UPDATE ON number_given
WHEN NEW.last < OLD.last OR (NEW.kind, NEW.year) IS NOT (OLD.kind, OLD.year)
BEGIN
	SELECT raise(ABORT, 'a number is not given again');
END;

CREATE TRIGGER request_number AFTER UPDATE OF number ON request
WHEN OLD.number IS NULL AND NEW.number IS NOT NULL
BEGIN
	INSERT INTO number_given (kind, year, last)
	VALUES ('FW', NEW.year, NEW.serial)
	ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
END;

CREATE TRIGGER draft_comment_number AFTER INSERT ON draft_comment
BEGIN
	INSERT INTO number_given (kind, year, last)
	VALUES ('YJ', NEW.year, NEW.serial)
	ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
END;
