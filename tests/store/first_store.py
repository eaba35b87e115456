"""A store as the first version of Regdash made it, by the SQL of that time, with rows in every table."""

from sqlalchemy import create_engine, make_url

from regdash.store.database import store_file

TABLES = """
CREATE TABLE heartbeats (
    name VARCHAR(40) NOT NULL, state VARCHAR(8) NOT NULL, sentence TEXT NOT NULL, device VARCHAR(200) NOT NULL,
    versions TEXT NOT NULL, beat DOUBLE PRECISION NOT NULL, CONSTRAINT pk_heartbeats PRIMARY KEY (name)
);
CREATE TABLE runs (
    id VARCHAR(20) NOT NULL, experiment TEXT NOT NULL, state VARCHAR(8) NOT NULL, status VARCHAR(60) NOT NULL,
    error TEXT NOT NULL, attempt INTEGER NOT NULL, failures INTEGER NOT NULL, lease_until DOUBLE PRECISION NOT NULL,
    epochs_done INTEGER NOT NULL, epochs_total INTEGER NOT NULL, version INTEGER NOT NULL, probed BOOLEAN NOT NULL,
    pinned BOOLEAN NOT NULL, created DOUBLE PRECISION NOT NULL, queued DOUBLE PRECISION NOT NULL,
    started DOUBLE PRECISION NOT NULL, updated DOUBLE PRECISION NOT NULL, CONSTRAINT pk_runs PRIMARY KEY (id)
);
CREATE INDEX ix_runs_state_queued ON runs (state, queued);
CREATE TABLE progress (
    run_id VARCHAR(20) NOT NULL, data BLOB NOT NULL, CONSTRAINT pk_progress PRIMARY KEY (run_id),
    CONSTRAINT fk_progress_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE records (
    run_id VARCHAR(20) NOT NULL, data BLOB NOT NULL, CONSTRAINT pk_records PRIMARY KEY (run_id),
    CONSTRAINT fk_records_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE TABLE requests (
    session VARCHAR(100) NOT NULL, run_id VARCHAR(20) NOT NULL, created DOUBLE PRECISION NOT NULL,
    cancelled BOOLEAN NOT NULL, CONSTRAINT pk_requests PRIMARY KEY (session, run_id),
    CONSTRAINT fk_requests_run_id FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE
);
CREATE INDEX ix_requests_run_id ON requests (run_id);
"""

DONE, RUNNING, WAITING = "d" * 20, "e" * 20, "f" * 20

ROWS = f"""
INSERT INTO heartbeats VALUES ('coordinator', 'ready', 'It is ready.', 'CPU', '{{}}', 1.5);
INSERT INTO runs VALUES ('{DONE}', '{{"d":1}}', 'done', 'finished', '', 1, 0, 9.5, 30, 30, 7, true, true, 1, 2, 3, 4);
INSERT INTO runs VALUES ('{RUNNING}', '{{}}', 'running', '', '', 2, 1, 9.5, 5, 30, 3, false, false, 1, 2, 3, 4);
INSERT INTO runs VALUES ('{WAITING}', '{{}}', 'waiting', '', '', 0, 0, 0, 0, 30, 0, false, false, 1, 2, 0, 4);
INSERT INTO records VALUES ('{DONE}', 'record of a run');
INSERT INTO progress VALUES ('{RUNNING}', 'five epochs');
INSERT INTO requests VALUES ('ann', '{DONE}', 1.5, false);
INSERT INTO requests VALUES ('ann', '{RUNNING}', 1.5, false);
INSERT INTO requests VALUES ('bob', '{WAITING}', 2.5, false);
INSERT INTO requests VALUES ('ann', '{WAITING}', 3.5, true);
"""


def make_first_store(url: str, rows: bool = True) -> None:
    """Make the tables, and fill them."""
    file = store_file(url)
    if file is not None:
        file.parent.mkdir(parents=True)
    engine = create_engine(make_url(url))
    kinds = {"BLOB": "BYTEA"} if file is None else {"DOUBLE PRECISION": "DOUBLE"}
    with engine.begin() as connection:
        for statement in (TABLES + ROWS * rows).split(";"):
            for ours, theirs in kinds.items():
                statement = statement.replace(ours, theirs)
            if file is not None:
                statement = statement.replace("'record of a run'", "CAST('record of a run' AS BLOB)")
                statement = statement.replace("'five epochs'", "CAST('five epochs' AS BLOB)")
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()
