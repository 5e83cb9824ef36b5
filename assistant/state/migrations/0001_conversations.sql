CREATE TABLE conversation (
    id INTEGER PRIMARY KEY,
    user TEXT NOT NULL,
    session TEXT NOT NULL,
    started_at TEXT NOT NULL,
    turn INTEGER NOT NULL DEFAULT 0,
    last_query TEXT,
    open_question TEXT NOT NULL DEFAULT '',
    open_options TEXT NOT NULL DEFAULT '[]',
    UNIQUE (user, session)
) STRICT;

CREATE TABLE turn (
    answer_id TEXT PRIMARY KEY,
    conversation INTEGER REFERENCES conversation (id),
    turn INTEGER,
    at TEXT NOT NULL,
    user TEXT NOT NULL,
    as_of TEXT,
    question TEXT,
    outcome TEXT NOT NULL,
    code TEXT NOT NULL,
    reading TEXT,
    headline TEXT,
    query TEXT,
    resolved_query TEXT,
    sql TEXT,
    snapshot TEXT,
    manifest_hash TEXT NOT NULL,
    planner TEXT,
    timings_ms TEXT,
    UNIQUE (conversation, turn)
) STRICT;

CREATE TABLE choice (
    conversation INTEGER NOT NULL REFERENCES conversation (id),
    word TEXT NOT NULL,
    choice TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (conversation, word)
) STRICT;

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    user TEXT NOT NULL,
    verdict TEXT NOT NULL,
    comment TEXT NOT NULL
) STRICT;

CREATE TABLE manifest (
    hash TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    sources BLOB NOT NULL
) STRICT;
