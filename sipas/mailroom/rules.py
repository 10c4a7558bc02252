"""What a letter is, and when a failed one is tried again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to one person. It never carries a secret or the content of a case."""

    to: str
    subject: str
    body: str
