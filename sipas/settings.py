"""Every setting, read once from the environment into one typed object."""

import difflib
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SIPAS_"
FOR_TESTS = "SIPAS_TEST_"
SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10


class SettingsError(Exception):
    """The environment asks for something this program refuses; the message is one line."""


class Settings(BaseSettings):
    """What the environment may say. Each field is described in docs/running.md."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, hide_input_in_errors=True, frozen=True, env_ignore_empty=True
    )

    env: Literal["embedded", "production", "test"] = "embedded"
    data: Path = Path("var")
    database: str = ""
    secret: SecretStr | None = None
    secret_file: Path | None = None
    secret_old: SecretStr | None = None
    address: str = ""
    hosts: str = ""
    proxies: int = Field(default=0, ge=0, le=5)
    surfaces: str = "public,staff"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=8, ge=1, le=64)
    jobs: Literal["embedded", "worker"] = "embedded"
    mail_host: str = ""
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_user: str = ""
    mail_password: SecretStr | None = None
    mail_security: Literal["none", "starttls", "tls"] = "none"
    mail_from: str = ""
    metrics: bool = False
    clock: str | None = None

    @cached_property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{(self.data / 'sipas.db').absolute()}"

    @cached_property
    def base_address(self) -> str:
        return self.address.rstrip("/") or f"http://{self.host}:{self.port}"

    @cached_property
    def trusted_hosts(self) -> list[str]:
        named = [host.strip() for host in self.hosts.split(",") if host.strip()]
        own = urlsplit(self.base_address).hostname or "127.0.0.1"
        local = [] if self.is_production else ["127.0.0.1", "localhost", "[::1]"]
        return [*named, own, *local]

    @cached_property
    def shown_surfaces(self) -> frozenset[str]:
        return frozenset(name.strip() for name in self.surfaces.split(",") if name.strip())

    @property
    def is_production(self) -> bool:
        return self.env == "production"

    @property
    def is_https(self) -> bool:
        return self.base_address.startswith("https://")

    @cached_property
    def secret_text(self) -> str:
        if self.secret:
            return self.secret.get_secret_value()
        return _kept_secret(self.secret_file or self.data / "secret", make=not self.is_production)

    def key(self, purpose: str) -> bytes:
        """A key of its own for each purpose, so that no hash can be carried to another table."""
        return _key(self.secret_text, purpose)

    def keys(self, purpose: str) -> list[bytes]:
        """The key, and after a change of the secret the one before it: for reading only."""
        old = [self.secret_old.get_secret_value()] if self.secret_old else []
        return [_key(secret, purpose) for secret in (self.secret_text, *old)]

    def problems(self) -> list[str]:
        """What makes this installation unsafe to serve, in the operator's words."""
        return [message for is_wrong, message in self._safety() if is_wrong]

    def _safety(self) -> list[tuple[bool, str]]:
        strange = self.shown_surfaces - {"public", "staff"}
        return [
            (not self.shown_surfaces or bool(strange), "SIPAS_SURFACES chỉ nhận public và staff."),
            (
                self.clock is not None and self.env != "test",
                "SIPAS_CLOCK chỉ dùng khi SIPAS_ENV=test.",
            ),
            (
                self.database_url.startswith("sqlite") and self.workers > 1,
                "SQLite chạy với một tiến trình: đặt SIPAS_WORKERS=1 hoặc dùng PostgreSQL.",
            ),
            *(self._production_safety() if self.is_production else []),
        ]

    def _production_safety(self) -> list[tuple[bool, str]]:
        return [
            (not self.is_https, "SIPAS_ADDRESS phải là địa chỉ https:// mà người dân thấy."),
            (
                is_weak(self.secret_text),
                "SIPAS_SECRET thiếu hoặc yếu: cần ít nhất 32 ký tự ngẫu nhiên.",
            ),
        ]


def _key(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)


def is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_CHARACTERS


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment, or say in one line what is wrong with it (never a value)."""
    environ = os.environ if environ is None else environ
    _refuse_misspelt(environ)
    try:
        settings = Settings()
    except ValidationError as error:
        names = ", ".join(f"{PREFIX}{str(e['loc'][0]).upper()}" for e in error.errors())
        raise SettingsError(f"Giá trị không dùng được ở: {names}.") from None
    if problems := settings.problems():
        raise SettingsError(" ".join(problems))
    return settings


def _refuse_misspelt(environ: Mapping[str, str]) -> None:
    known = [field.upper() for field in Settings.model_fields]
    for name in sorted(environ):
        own = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and own not in known:
            near = difflib.get_close_matches(own, known, n=1)
            hint = f" Có phải ý là {PREFIX}{near[0]}?" if near else ""
            raise SettingsError(f"Không có biến {name}.{hint}")


def _kept_secret(path: Path, *, make: bool) -> str:
    """The secret in a file; an embedded installation makes its own once, readable by it alone."""
    if not path.exists():
        if not make:
            return ""
        path.parent.mkdir(parents=True, exist_ok=True)
        own = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        own.touch(mode=0o600)
        own.write_text(secrets.token_urlsafe(48))
        try:
            os.link(own, path)  # of two processes starting at once, one makes the secret
        except FileExistsError:
            pass
        finally:
            own.unlink()
    return path.read_text().strip()
