"""The reference: a bare Flask pair that serves a constant page and inserts one durable row."""

import os
import sqlite3
import threading

from flask import Flask, request

PAGE = "<!DOCTYPE html><title>bare</title><form method=post action=/send>" + "x" * 9000
_own = threading.local()
app = Flask(__name__)


def connection() -> sqlite3.Connection:
    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(os.environ["BARE_DATABASE"], timeout=10)
        _own.connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            _own.connection.execute(f"PRAGMA {pragma}")
        _own.connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, level)")
    return _own.connection


@app.get("/")
def page() -> str:
    return PAGE


@app.post("/send")
def send() -> str:
    db = connection()
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO row (level) VALUES (?)", (request.form["muc"],))
    db.execute("COMMIT")
    return PAGE
