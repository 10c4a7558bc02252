"""The three errors that reach people; everything else is a bug and stays one."""


class NotFoundError(Exception):
    """There is no such thing, or none that this person may know of."""


class NotAllowedError(Exception):
    """The person is known and may not do this."""


class RuleError(Exception):
    """A rule of the office refuses; the message is for the person, in whole sentences."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
