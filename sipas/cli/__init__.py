"""The commands, each a few lines over actions and queries."""

import click
from sqlalchemy.exc import DBAPIError

from sipas import backup, schema
from sipas.cli import keeping, people, running
from sipas.errors import RuleError
from sipas.settings import SettingsError

REFUSALS = (SettingsError, schema.NewerDatabaseError, backup.BackupError, RuleError)


class Quiet(click.Group):
    """A command that is refused says so in one line and ends with 1; it shows no trail."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            kind = type(error.orig).__name__
            raise click.ClickException(f"Cơ sở dữ liệu không trả lời ({kind}).") from None


@click.group(cls=Quiet)
def main() -> None:
    """Hệ thống góp ý và khảo sát hài lòng của cơ quan."""


for command in (
    running.serve,
    running.worker,
    running.upgrade,
    people.init,
    people.demo,
    people.staff,
    keeping.verify,
    keeping.check,
    keeping.backup,
    keeping.restore,
):
    main.add_command(command)
