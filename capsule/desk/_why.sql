%# SPDX-License-Identifier: ISC
%#
%# Somebody's contact is shown to who says why: gives :reason, for the notes. The
%# reading is among the acts, which stay when the notes go with what they are about.
%# :contact is what is asked for.
% needs :contact :found :why
% gives :reason
% one SELECT text_clean(:why) AS reason
% if :contact IS NULL
% fail refused {found} has no contact
% elif length(:reason) NOT BETWEEN 2 AND 2000
% fail refused say why, in 2 to 2000 characters
% end
% do INSERT INTO editor_act (name, act, about, created)
%    VALUES (:who, '查看联系方式', :found || '，' || :reason, :now)
