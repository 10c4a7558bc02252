"""The commands, each a few lines over actions and queries."""

import click

from sipas import schema
from sipas.database import Database
from sipas.settings import Settings, SettingsError, load


class Quiet(click.Group):
    """A command that is refused says so in one line and ends with 1; it shows no trail."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except (SettingsError, schema.NewerDatabaseError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=Quiet)
def main() -> None:
    """Hệ thống góp ý và khảo sát hài lòng của cơ quan."""


def prepared() -> tuple[Settings, Database]:
    settings = load()
    settings.data.mkdir(parents=True, exist_ok=True)
    return settings, Database(settings.database_url)


@main.command()
def upgrade() -> None:
    """Đưa cơ sở dữ liệu lên phiên bản của chương trình."""
    _settings, database = prepared()
    schema.upgrade(database)
    click.echo("Cơ sở dữ liệu đã ở phiên bản của chương trình.")


if __name__ == "__main__":
    main()
