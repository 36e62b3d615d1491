%# SPDX-License-Identifier: ISC
%#
%# Who has changed something by `guiju desk`: among the acts of the editors.
%# Triggers keep that table from being changed (triggers/messages.sql).
% do INSERT INTO editor_act (name, act, about, created)
%    VALUES (:who, 'guiju desk ' || :kind || ' ' || :verb,
%        coalesce(:about, ''), :now)
