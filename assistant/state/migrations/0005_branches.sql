ALTER TABLE conversation ADD COLUMN parent INTEGER
    REFERENCES conversation (id) ON DELETE SET NULL;

ALTER TABLE conversation ADD COLUMN parent_turn INTEGER;

ALTER TABLE conversation ADD COLUMN purpose TEXT NOT NULL DEFAULT '';

UPDATE conversation SET purpose = 'evaluation' WHERE session LIKE 'eval-%';

ALTER TABLE turn ADD COLUMN open_options TEXT NOT NULL DEFAULT '[]';
