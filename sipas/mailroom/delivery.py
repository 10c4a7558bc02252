"""The outside world: letters handed to a mail server, or laid into a folder where there is none."""

import email
import os
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from sipas.mailroom.models import Notice
from sipas.mailroom.rules import DeliveryError, Setback
from sipas.settings import Settings

PATIENCE = 15  # seconds for each answer of the mail server; with all its steps well under a lease
_FIRST_REFUSAL = 500

T = TypeVar("T")


class Delivery(Protocol):
    """A way out for letters. What it may do twice after a crash, it does under the same name."""

    def send(self, notice: Notice) -> None: ...


def delivery(settings: Settings) -> Delivery:
    """The mail server of the settings; where none is named, the folder."""
    return SmtpDelivery(settings) if settings.mail_host else FolderDelivery(settings)


def has_folder(settings: Settings) -> bool:
    return not settings.mail_host


def message_of(notice: Notice, settings: Settings) -> EmailMessage:
    """The letter as it travels. Its name comes from the row: sent twice, it is still one letter."""
    sender = settings.mail_from or f"sipas@{_own_host(settings)}"
    stamp = int(notice.posted_at.timestamp())
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = sender
        message["To"] = Address(addr_spec=notice.to)
        message["Subject"] = notice.subject
    except (ValueError, IndexError, email.errors.HeaderParseError):
        # A line break in a header would let a letter carry headers of its own.
        raise DeliveryError(Setback.REFUSED, "header") from None
    message["Date"] = format_datetime(notice.posted_at)
    message["Message-ID"] = f"<notice-{notice.id}-{stamp}@{_own_host(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.body, cte="quoted-printable")
    return message


def _own_host(settings: Settings) -> str:
    return urlsplit(settings.base_address).hostname or socket.gethostname()


class SmtpDelivery:
    """Hands each letter to the mail server in a conversation of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, notice: Notice) -> None:
        message = message_of(notice, self._settings)
        server = _reached(self._open)
        try:
            _taken(lambda: server.send_message(message))
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the letter's fate is decided; a broken farewell changes nothing

    def _open(self) -> smtplib.SMTP:
        settings = self._settings
        host, port, context = settings.mail_host, settings.mail_port, ssl.create_default_context()
        if settings.mail_security == "tls":
            return self._greeted(
                smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=context), None
            )
        wanted = context if settings.mail_security == "starttls" else None
        return self._greeted(smtplib.SMTP(host, port, timeout=PATIENCE), wanted)

    def _greeted(self, server: smtplib.SMTP, context: ssl.SSLContext | None) -> smtplib.SMTP:
        """The conversation made private and the sender named, or closed again."""
        settings = self._settings
        try:
            if context is not None:
                server.starttls(context=context)
            if settings.mail_user and settings.mail_password:
                server.login(settings.mail_user, settings.mail_password.get_secret_value())
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def _reached(step: Callable[[], T]) -> T:
    """Until the server is ready for a letter, every failure means: none can go out now."""
    try:
        return step()
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(Setback.UNREACHABLE, type(error).__name__) from None


def _taken(step: Callable[[], object]) -> None:
    try:
        step()
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _answer in error.recipients.values())
        raise _answered(code) from None
    except smtplib.SMTPSenderRefused as error:
        # It is us that the server does not like: no letter is to be given up for that.
        raise DeliveryError(Setback.UNREACHABLE, str(error.smtp_code)) from None
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code) from None
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise DeliveryError(Setback.REFUSED, type(error).__name__) from None
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(Setback.UNREACHABLE, type(error).__name__) from None


def _answered(code: int) -> DeliveryError:
    """The server's words stay out: they quote the address. Its number says enough."""
    setback = Setback.REFUSED if code >= _FIRST_REFUSAL else Setback.DEFERRED
    return DeliveryError(setback, str(code))


class FolderDelivery:
    """Lays each letter into a folder, under the number of its row: twice is once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = settings.data / "mail"

    def send(self, notice: Notice) -> None:
        message = message_of(notice, self._settings)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            _write_whole(self._path(notice.id), message.as_bytes())
        except OSError as error:
            raise DeliveryError(Setback.UNREACHABLE, type(error).__name__) from None

    def read(self, notice_id: int) -> EmailMessage | None:
        """The letter as it lies there."""
        path = self._path(notice_id)
        if not path.exists():
            return None
        return email.message_from_bytes(path.read_bytes(), policy=SMTP)

    def _path(self, notice_id: int) -> Path:
        return self._folder / f"{notice_id:08d}.eml"


def _write_whole(path: Path, content: bytes) -> None:
    """Written, synced, renamed: whoever sees the name sees the whole letter."""
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
