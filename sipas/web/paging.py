"""Pages of a list: how many there are, which one is shown, and the addresses of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from sipas.web.language import same_page

ROWS_A_PAGE = 50

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list that is longer than a screen."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int

    def url(self, number: int) -> str:
        return same_page({**request.args.to_dict(), "trang": number})


def page_of(db: Session, rows: Select[T], *, size: int = ROWS_A_PAGE) -> Page[T]:
    """The page that the address asks for; a page past the end is the last one."""
    total = db.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, request.args.get("trang", 1, type=int)), pages)
    found = db.scalars(rows.limit(size).offset((number - 1) * size)).all()
    return Page(found, number, pages, total)
