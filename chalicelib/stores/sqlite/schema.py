"""The tables of the SQLite file, version by version."""

from __future__ import annotations

# The version from which on both indexes hold what tags.py writes.
INDEXED_SINCE = 5
# Each entry takes a file from the version before to its own; user_version counts them.
# Positions order the alerts: the second of the event, then the order of arrival within it.
SCHEMA: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE alerts (position INTEGER PRIMARY KEY, alert_id TEXT NOT NULL UNIQUE,"
        " severity INTEGER NOT NULL, actor TEXT NOT NULL, event_name TEXT NOT NULL,"
        " account TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,"
        " seen_at INTEGER NOT NULL)",
        "CREATE INDEX alerts_by_severity ON alerts (severity)",
        "CREATE INDEX alerts_by_actor ON alerts (actor)",
        "CREATE INDEX alerts_by_event_name ON alerts (event_name)",
        "CREATE INDEX alerts_by_account ON alerts (account)",
        "CREATE INDEX alerts_by_age ON alerts (seen_at)",
        # Apart, so that lists and counts read few pages.
        "CREATE TABLE bodies (position INTEGER PRIMARY KEY, words TEXT NOT NULL,"
        " alert BLOB NOT NULL, record BLOB NOT NULL)",
        # Its row ids are the negative positions: SQLite reads it fast from the lowest on only.
        "CREATE VIRTUAL TABLE words USING fts5 (text, content='', columnsize=0, detail='none',"
        " tokenize='trigram case_sensitive 1')",
        "CREATE TABLE deliveries (position INTEGER NOT NULL, channel TEXT NOT NULL,"
        " alert_id TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER NOT NULL,"
        " severity INTEGER NOT NULL, rule_id TEXT NOT NULL, actor TEXT NOT NULL,"
        " event_name TEXT NOT NULL, account_id TEXT NOT NULL, attempts INTEGER NOT NULL,"
        " plain INTEGER NOT NULL, possible_repeat INTEGER NOT NULL, amended INTEGER NOT NULL,"
        " post_id TEXT, reason TEXT, PRIMARY KEY (position, channel)) WITHOUT ROWID",
        "CREATE INDEX deliveries_by_state ON deliveries (state)",
        "CREATE INDEX deliveries_pending ON deliveries (channel, severity DESC, position)"
        " WHERE state = 'pending'",
        "CREATE TABLE posts (post_id TEXT PRIMARY KEY, channel TEXT NOT NULL,"
        " kind TEXT NOT NULL, alert_ids TEXT NOT NULL, attempted_at INTEGER NOT NULL,"
        " outcome TEXT, settled INTEGER NOT NULL, ts TEXT, channel_id TEXT, repeat_key TEXT,"
        " repeats INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX posts_unsettled ON posts (channel, attempted_at) WHERE settled = 0",
        "CREATE INDEX posts_single ON posts (channel, repeat_key, attempted_at)"
        " WHERE kind = 'single'",
        "CREATE INDEX posts_by_age ON posts (attempted_at)",
        "CREATE TABLE channels (name TEXT PRIMARY KEY, owner TEXT, leased_until INTEGER,"
        " state TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE cursor_key (key BLOB NOT NULL)",
    ),
    # What folds by more than (rule, actor, operation, account): NULL in what was kept before.
    tuple(
        f"ALTER TABLE {table} ADD COLUMN {column} TEXT"
        for table, column in (
            ("deliveries", "repeat_key"),
            ("deliveries", "outcome"),
            ("deliveries", "principal"),
            ("deliveries", "targets"),
            ("posts", "also"),
        )
    ),
    # What people do with alerts, and what of them is hidden.
    (
        *(
            f"ALTER TABLE {table} ADD COLUMN {column}"
            for table, column in (
                ("alerts", "acknowledged INTEGER NOT NULL DEFAULT 0"),
                ("deliveries", "handled INTEGER"),
                ("deliveries", "notice TEXT"),
                ("deliveries", "about TEXT"),
                ("deliveries", "mute_id TEXT"),
                ("deliveries", "muted_up_to INTEGER"),
                ("posts", "digest TEXT"),
                ("posts", "thread_ts TEXT"),
            )
        ),
        "CREATE INDEX alerts_acknowledged ON alerts (position) WHERE acknowledged = 1",
        "CREATE TABLE clicks (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        # One of each slot is in force; the others have ended.
        "CREATE TABLE mutes (mute_id TEXT PRIMARY KEY, slot TEXT NOT NULL, since INTEGER NOT NULL,"
        " ended_at INTEGER, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE UNIQUE INDEX mutes_in_force ON mutes (slot) WHERE ended_at IS NULL",
        # By itself, since alerts may go before their mute ends.
        "CREATE TABLE hidden (mute_id TEXT NOT NULL, alert_id TEXT NOT NULL,"
        " channel TEXT NOT NULL, PRIMARY KEY (mute_id, alert_id, channel)) WITHOUT ROWID",
        "CREATE TABLE followups (due_at INTEGER NOT NULL, followup_id TEXT NOT NULL,"
        " value TEXT NOT NULL, PRIMARY KEY (due_at, followup_id)) WITHOUT ROWID",
    ),
    # What rules over time remember.
    (
        "CREATE TABLE memory (name TEXT NOT NULL, place INTEGER NOT NULL, is_word INTEGER NOT NULL,"
        " text TEXT NOT NULL, PRIMARY KEY (name, place, is_word, text)) WITHOUT ROWID",
        "CREATE TABLE memory_places (name TEXT NOT NULL, place INTEGER NOT NULL,"
        " until INTEGER NOT NULL, PRIMARY KEY (name, place)) WITHOUT ROWID",
        "CREATE INDEX memory_by_age ON memory_places (until)",
    ),
    # One index for all that lists filter by, in place of one a column; both indexes are written by
    # tags.index_all then.
    (
        "ALTER TABLE bodies ADD COLUMN tags TEXT NOT NULL DEFAULT ''",
        *(
            f"DROP INDEX alerts_by_{column}"
            for column in ("severity", "actor", "event_name", "account")
        ),
        "CREATE VIRTUAL TABLE tags USING fts5 (text, content='', columnsize=0, detail='none',"
        " tokenize='ascii')",
        "DROP TABLE words",
        "CREATE VIRTUAL TABLE words USING fts5 (text, content='', columnsize=0, detail='none',"
        " tokenize='trigram case_sensitive 1')",
    ),
)
