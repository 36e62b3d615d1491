%# SPDX-License-Identifier: ISC
%#
%# A word to a reader, beside a state that stays: gives :said, the clean text.
% needs :text
% gives :said
% one SELECT text_clean(:text) AS said
% if length(:said) NOT BETWEEN 2 AND 500
% fail refused an answer has 2 to 500 characters
% end
