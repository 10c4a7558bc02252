"""Starts what is measured, each as it runs in earnest, in a folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and how long it took to."""

    port: int
    pid: int
    started_in: float

    def memory(self) -> float:
        """Resident megabytes of the process and its children, without what they share."""
        return sum(_private_megabytes(pid) for pid in [self.pid, *_children(self.pid)])


@contextmanager
def office(folder: Path, **settings: str) -> Iterator[Server]:
    """The product with its demonstration office."""
    port = free_port()
    environ = os.environ | {"SIPAS_DATA": str(folder), "SIPAS_ENV": "embedded"} | settings
    command = [sys.executable, "-m", "sipas.cli"]
    subprocess.run([*command, "demo"], env=environ, check=True, capture_output=True)
    with _running([*command, "serve", "--port", str(port)], environ, port) as server:
        yield server


@contextmanager
def bare(folder: Path, *, threads: int) -> Iterator[Server]:
    """The reference, under the same server with the same threads."""
    port = free_port()
    environ = os.environ | {"BARE_DATABASE": str(folder / "bare.db")}
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-k", "gthread"]
    command += ["-w", "1", "--threads", str(threads), "-b", f"127.0.0.1:{port}", "bench.bare:app"]
    with _running(command, environ, port) as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], environ: dict[str, str], port: int) -> Iterator[Server]:
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port, process)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE):
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("the server did not answer")


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for one in listed for child in [int(one), *_children(int(one))]]


def _private_megabytes(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    lines = [line for line in rollup if line.startswith("Pss:")]
    return sum(int(line.split()[1]) for line in lines) / 1024
