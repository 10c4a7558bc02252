"""What is stored, as another reader of the database sees it; what stands in an answer."""

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sipas.database import Base
from sipas.survey.models import Remark, Response


def stored(db: Session) -> list[tuple[str, str]]:
    """Answers and reasons of all responses."""
    db.rollback()
    found = sorted((one.answers, one.reasons) for one in db.scalars(select(Response)))
    db.rollback()  # on SQLite a reader that may write keeps others from writing
    return found


def remarks(db: Session) -> list[str]:
    db.rollback()
    found = sorted(db.scalars(select(Remark.text)))
    db.rollback()
    return found


def rows(db: Session, model: type[Base]) -> int:
    db.rollback()
    found = db.scalar(select(func.count()).select_from(model))
    db.rollback()
    return found


def receipt_in(answer) -> str:
    return re.search(r"Biên nhận (\d{4}\s\d{4})", answer.text)[1].replace("\u00a0", " ")
