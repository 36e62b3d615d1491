-- SPDX-License-Identifier: ISC
--
-- Drafts of lists are kept for 24 hours, with their lines. What is deleted is
-- overwritten, and is in no copy that is made afterwards.
DELETE FROM validity_draft WHERE created < unixepoch() - 86400;
