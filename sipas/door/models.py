"""Who may come in: accounts, their second factor, open sessions, known browsers, failed tries."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sipas.database import Base


class Account(Base):
    """What a person signs in with. The name is kept folded, the password only as a hash."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    password_set_at: Mapped[datetime]
    must_change_password: Mapped[bool]
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]
    disabled: Mapped[bool] = mapped_column(default=False)

    @property
    def has_factor(self) -> bool:
        return self.totp_secret is not None


class RecoveryCode(Base):
    """A code (mã dự phòng) that stands in for the second factor, once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    code_hash: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """A session (phiên) of one person in one browser. Only the hash of its token is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    browser: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]  # when the person last proved who they are (step-up)
    factor_passed: Mapped[bool]
    offered_secret: Mapped[str] = mapped_column(String(64))  # a factor shown, not yet taken
    ended_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class KnownBrowser(Base):
    """A browser in which this person came all the way in: strangers' failures do not hold it."""

    __tablename__ = "known_browser"
    __table_args__ = (
        UniqueConstraint("account_id", "browser_hash"),
        Index("ix_known_browser_seen_at", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey(Account.id))
    browser_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime]


class FailedTry(Base):
    """One failed try, under keyed hashes of the name and of where it came from."""

    __tablename__ = "failed_try"
    __table_args__ = (
        Index("ix_failed_try_name_mark_at", "name_mark", "at"),
        Index("ix_failed_try_origin_mark_at", "origin_mark", "at"),
        Index("ix_failed_try_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_mark: Mapped[str] = mapped_column(String(32))
    origin_mark: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
