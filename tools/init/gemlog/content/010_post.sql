-- What a new database begins with; run once, after the schema.

INSERT INTO post (slug, title, summary, body, published, updated) VALUES (
    'hello',
    'Hello',
    'What this gemlog is about.',
    'This post stands in the database. Its first home is' || char(10) ||
    'content/010_post.sql; the next ones are files in posts/.' || char(10) ||
    char(10) ||
    '## What a post may hold' || char(10) || char(10) ||
    'Gemtext: headings, lists, quotes, links.' || char(10) || char(10) ||
    '=> gemini://geminiprotocol.net/ The protocol',
    unixepoch('2026-11-01 08:00'),
    unixepoch('2026-11-01 08:00')
);
