-- data_parts(account)
--
-- In how many parts all that is stored of a reader comes (my/data/_part.txt).
SELECT 1 + coalesce(sum(length(CAST(line AS BLOB)) + 1), 0) / 700000
FROM data_line WHERE account_id = :account
