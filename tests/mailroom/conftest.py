"""A mail server that keeps what it is given, and letters to send."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from aiosmtpd.controller import Controller

from sipas.mailroom.actions import post
from sipas.mailroom.rules import Letter
from tests.conftest import NOW
from tests.running import free_port


class Sink:
    """Takes letters. `answers` refuses some; `pause_after` lets senders wait in the middle."""

    port = 0
    pause_after: int | None = None

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: dict[str, str] = {}
        self.held = threading.Event()
        self._on = threading.Event()

    def go_on(self) -> None:
        self.pause_after = None
        self._on.set()

    async def handle_MAIL(self, _server, _session, envelope, address, _options):  # noqa: N802 -- the library's name
        if address in self.answers:
            return self.answers[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- the library's name
        if self.pause_after is not None and len(self.letters) >= self.pause_after:
            self.held.set()
            await asyncio.to_thread(self._on.wait, 30)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- the library's name
        self.letters.append(message_from_bytes(envelope.content, policy=SMTP))
        return "250 OK"

    @property
    def names(self) -> list[str]:
        return sorted(letter["Message-ID"] for letter in self.letters)


@pytest.fixture
def sink() -> Iterator[Sink]:
    taken = Sink()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    taken.port = controller.port
    yield taken
    controller.stop()


@pytest.fixture
def posted(db) -> Callable[..., None]:
    """Puts letters into the outbox: posted(3)."""

    def make(count: int = 1, *, to: str = "hoa@anbinh.gov.vn", now: datetime = NOW) -> list:
        letters = [
            post(db, Letter(to, f"Thư số {number}", "Kính gửi Ông/Bà"), now=now)
            for number in range(1, count + 1)
        ]
        db.commit()
        return letters

    return make
