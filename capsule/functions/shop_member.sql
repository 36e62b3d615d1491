-- shop_member(account, day)
--
-- 1: the account is that of a member of the association on this day.
SELECT EXISTS (SELECT 1 FROM member WHERE account_id = :account
	AND :day BETWEEN since AND until)
