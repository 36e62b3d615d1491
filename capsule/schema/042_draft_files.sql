-- SPDX-License-Identifier: ISC
--
-- All files of drafts together have a limit. How many bytes they have is asked
-- before each file that comes.

CREATE INDEX request_file_bytes ON request_file (request_id, bytes);
