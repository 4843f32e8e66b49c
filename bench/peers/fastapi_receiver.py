"""The same receiver as many would write it: FastAPI, the sqlite3 module, a connection for each thread.

Verify the HMAC, parse the JSON, store the delivery and mark its issue in one transaction, answer 202.
Durability as ours: WAL, synchronous=FULL. It checks less than ours does (no strict JSON, no log line),
which is to its advantage. ``BENCH_DATABASE`` and ``BENCH_SECRET`` configure it.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import threading
import time
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, delivery TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL,
  body BLOB NOT NULL, received_at REAL NOT NULL, UNIQUE (site, delivery));
CREATE INDEX IF NOT EXISTS deliveries_by_issue ON deliveries (site, key, seq);
CREATE TABLE IF NOT EXISTS work (
  site TEXT NOT NULL, key TEXT NOT NULL, wanted INTEGER NOT NULL, due REAL, PRIMARY KEY (site, key));
CREATE INDEX IF NOT EXISTS work_due ON work (due);
"""
TOUCH = """
INSERT INTO work (site, key, wanted, due) VALUES (?, ?, 1, ?)
ON CONFLICT (site, key) DO UPDATE SET wanted = wanted + 1, due = min(due, excluded.due) RETURNING wanted
"""
STORE = "INSERT INTO deliveries (site, delivery, key, seq, body, received_at) VALUES (?, ?, ?, ?, ?, ?)"
SECRET = os.environ["BENCH_SECRET"].encode()

app = FastAPI()
local = threading.local()


def connection() -> sqlite3.Connection:
    """Return this thread's connection."""
    if not hasattr(local, "connection"):
        # autocommit: the transaction is begun and ended by hand, in one place
        local.connection = sqlite3.connect(os.environ["BENCH_DATABASE"], timeout=30, isolation_level=None)
        local.connection.execute("PRAGMA journal_mode=WAL")
        local.connection.execute("PRAGMA synchronous=FULL")
        local.connection.executescript(SCHEMA)
    found: sqlite3.Connection = local.connection
    return found


async def read_body(request: Request) -> bytes:
    """Return the raw body: the signature is over its bytes."""
    return await request.body()


@app.post("/hooks/{site}", status_code=202)
def receive(site: str, request: Request, body: Annotated[bytes, Depends(read_body)]) -> dict[str, bool]:
    """Take one delivery. A plain function: FastAPI runs it in a thread, because SQLite blocks."""
    given = request.headers.get("X-Redmine-Signature-256", "")
    wanted = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given, wanted):
        raise HTTPException(401, "bad signature")
    data = json.loads(body)
    if data["type"] not in {"issue.created", "issue.updated", "issue.deleted"}:
        raise HTTPException(400, "not about an issue")
    return {"stored": store(site, str(data["data"]["issue"]["id"]), body)}


def store(site: str, key: str, body: bytes) -> bool:
    """Store the delivery and mark the issue in one transaction; False when it was stored before."""
    delivery, now, database = hashlib.sha256(body).hexdigest(), time.time(), connection()
    database.execute("BEGIN IMMEDIATE")
    try:
        (seq,) = database.execute(TOUCH, (site, key, now)).fetchone()
        database.execute(STORE, (site, delivery, key, seq, body, now))
    except sqlite3.IntegrityError:
        database.execute("ROLLBACK")
        return False
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
    return True
