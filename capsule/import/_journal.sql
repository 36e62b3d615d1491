%# SPDX-License-Identifier: ISC
%#
%# The standard :key is written over by import :batch, for which :whose says
%# what it says: what it was is noted for an undo, and another source keeps the
%# fingerprint of what it said.
% needs :key :batch :whose
% do INSERT INTO import_journal (batch_id, kind, key, before)
%     SELECT :batch, 'standard', key, json_patch(json_object('number', number,
%         'family', family, 'bare', bare, 'digits', digits, 'prefix', prefix,
%         'year', year, 'sort', sort, 'level', level, 'mandate', mandate,
%         'title', title, 'title_en', title_en, 'title_orig', title_orig,
%         'kind', kind, 'edition', edition, 'stated', stated, 'stage', stage,
%         'issued', issued, 'implemented', implemented, 'abolished', abolished),
%         json_object('confirmed', confirmed, 'ics', ics, 'ccs', ccs,
%         'issuer_id', issuer_id, 'committee_id', committee_id, 'owner', owner,
%         'drafters', drafters, 'region', region, 'filing', filing, 'plan', plan,
%         'pages', pages, 'language', language, 'fulltext_url', fulltext_url,
%         'note', note, 'source', source, 'verified_at', verified_at,
%         'batch_id', batch_id, 'fingerprint', fingerprint, 'stub', stub,
%         'content', content, 'first_issued', first_issued, 'proposer', proposer,
%         'executor', executor, 'drafter_names', drafter_names, 'filed', filed,
%         'industry', industry, 'price', price, 'scope', scope,
%         'fulltext_mode', fulltext_mode))
%     FROM standard WHERE key = :key AND batch_id IS NOT :batch

% do INSERT INTO standard_said (key, source, fingerprint, batch_id)
%     SELECT key, source, fingerprint, :batch FROM standard
%     WHERE key = :key AND fingerprint IS NOT NULL AND source <> :whose
%     ON CONFLICT (key, source) DO UPDATE SET (fingerprint, batch_id)
%         = (excluded.fingerprint, excluded.batch_id)
