-- What a new database begins with; run once, after the schema.

INSERT INTO shelf (slug, name) VALUES
    ('travel', 'Travel'),
    ('nature', 'Nature'),
    ('tales', 'Tales');

INSERT INTO book (shelf_id, title, author, year, copies, note) VALUES
    (1, 'The Voyage of the Beagle', 'Charles Darwin', 1839, 1, NULL),
    (1, 'The Narrow Road to the Deep North', 'Matsuo Basho', 1702, 2,
        'Prose and verse of a journey on foot.'),
    (2, 'Walden', 'Henry David Thoreau', 1854, 1, NULL),
    (2, 'The Natural History of Selborne', 'Gilbert White', 1789, 1, NULL),
    (3, 'Strange Stories from a Chinese Studio', 'Pu Songling', 1740, 2, NULL),
    (3, 'Twenty Thousand Leagues under the Sea', 'Jules Verne', 1870, 1,
        NULL);
