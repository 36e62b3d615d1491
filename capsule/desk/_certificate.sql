%# SPDX-License-Identifier: ISC
%#
%# A certificate for a registration, with a number that cannot be guessed.
% needs :registration_id :today
% gives :certificate
% one SELECT substr(:today, 1, 4) + 0 AS year, hex(randomblob(3)) AS code
% do INSERT INTO certificate (year, serial, code, number, course_id,
%        registration_id, name_hash, issued)
%    SELECT :year, n.serial, :code, n.number, r.course_id, r.id,
%        sha256(n.number || ' ' || replace(text_fold(r.name), ' ', '')), :today
%    FROM registration r, (SELECT serial,
%            format('ZS%d-%04d-%s', :year, serial, :code) AS number
%        FROM (SELECT 1 + coalesce(max(serial), 0) AS serial FROM certificate
%            WHERE year = :year)) n
%    WHERE r.id = :registration_id
%    RETURNING number AS certificate
