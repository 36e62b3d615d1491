-- What a new database begins with; run once, after the schema.

INSERT INTO note (title, body, day) VALUES (
    'Welcome',
    'This text stands in the database.' || char(10) ||
    'Its first home is content/010_note.sql.',
    date('now')
);
