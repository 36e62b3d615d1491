%# SPDX-License-Identifier: ISC
%#
%# An internal note: gives :noted, the clean text.
% needs :text
% gives :noted
% one SELECT text_clean(:text) AS noted
% if length(:noted) NOT BETWEEN 2 AND 2000
% fail refused a note has 2 to 2000 characters
% end
