"""Commands that begin an office and let people in: init, demo, staff."""

import click
import pyotp
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from sipas import clock, schema, seed
from sipas.calendar.actions import load_reference
from sipas.cli.installation import installation
from sipas.cli.running import listen
from sipas.database import Database
from sipas.door.models import Account
from sipas.door.queries import account_by_name, hash_password
from sipas.door.rules import hash_cost
from sipas.first_day.actions import begin_office
from sipas.ledger.rules import COMMAND
from sipas.people.actions import add_person, grant_role, remove_factor, reset_password
from sipas.people.rules import PersonFacts, RoleSpan
from sipas.settings import Settings
from sipas.staff.models import Office, StaffMember, Unit
from sipas.staff.queries import is_demo
from sipas.staff.rules import Deed, Role
from sipas.survey.actions import open_standing_round

ROLES = click.Choice([role.value for role in Role])


@click.command()
@click.option("--name", required=True, help="Tên cơ quan, ví dụ: Sở Tư pháp tỉnh An Bình.")
@click.option("--admin", required=True, help="Họ và tên người quản trị đầu tiên.")
@click.option("--email", required=True, help="Địa chỉ thư của người quản trị.")
@click.option("--login", default="quantri", show_default=True, help="Tên đăng nhập.")
def init(name: str, admin: str, email: str, login: str) -> None:
    """Khởi tạo một cơ quan mới với người quản trị đầu tiên."""
    with installation() as (settings, database):
        schema.upgrade(database)
        with database.writing() as db:
            _refuse_second_office(db)
            temporary = _first_day(db, settings, name, PersonFacts(admin, "", email, 0), login)
            db.commit()
    click.echo(f"Đã tạo {name}. Mở {settings.base_address}/noi-bo/ và đăng nhập:")
    _print_login(login, temporary)


def _refuse_second_office(db: Session) -> None:
    if db.scalar(select(exists().where(Office.id == 1))):
        raise click.ClickException("Cơ sở dữ liệu này đã có một cơ quan.")


def _first_day(db: Session, settings: Settings, name: str, admin: PersonFacts, login: str) -> str:
    deed = _deed()
    root = begin_office(db, name, deed=deed)
    load_reference(db, by=COMMAND, now=deed.now)
    open_standing_round(db, deed.day, by=COMMAND, now=deed.now)
    facts = PersonFacts(admin.name, "Quản trị hệ thống", admin.email, root.id)
    return _add(db, settings, facts, Role.ADMINISTRATOR, login)


@click.command()
@click.option("--serve", "then_serve", is_flag=True, help="Mở máy chủ ngay sau đó.")
@click.option("--port", type=int, help="Cổng để lắng nghe.")
def demo(*, then_serve: bool, port: int | None) -> None:
    """Tạo cơ quan trình diễn với dữ liệu mẫu của một năm."""
    with installation() as (settings, database):
        schema.upgrade(database)
        with database.writing() as db:
            if not is_demo(db):
                _refuse_second_office(db)
                password = hash_password(seed.PASSWORD, hash_cost(settings.env))
                now = clock.now()
                seed.fill(db, password_hash=password, now=now, day=clock.day_of(now))
                db.commit()
        _print_demo(settings, database, port or settings.port)
    if then_serve:
        listen(port=port)


def _print_demo(settings: Settings, database: Database, port: int) -> None:
    base = settings.address.rstrip("/") or f"http://{settings.host}:{port}"
    click.echo(f"Người dân:  {base}/")
    click.echo(f"Nội bộ:     {base}/noi-bo/")
    click.echo(f"Mật khẩu chung của bản trình diễn: {seed.PASSWORD}\n")
    with database.reading() as db:
        for login in seed.logins(db):
            secret = f"  khóa mã xác thực {login.totp_secret}" if login.totp_secret else ""
            click.echo(f"  {login.name:<14} {login.role:<16} {login.person}{secret}")
    click.echo("\nMã xác thực lúc này của một người: .venv/bin/sipas staff code TÊN_ĐĂNG_NHẬP\n")


@click.group()
def staff() -> None:
    """Tài khoản của cán bộ: thêm, đặt lại mật khẩu."""


@staff.command()
@click.argument("login")
@click.option("--name", required=True, help="Họ và tên.")
@click.option("--email", required=True, help="Địa chỉ thư.")
@click.option("--title", default="", help="Chức vụ.")
@click.option("--unit", default="", help="Tên đơn vị; để trống là toàn cơ quan.")
@click.option("--role", type=ROLES, required=True, help="Vai trò.")
def add(login: str, **said: str) -> None:
    """Thêm một cán bộ với mật khẩu tạm, in ra một lần."""
    with installation() as (settings, database), database.writing() as db:
        unit = _unit_named(db, said["unit"])
        facts = PersonFacts(said["name"], said["title"], said["email"], unit.id)
        temporary = _add(db, settings, facts, Role(said["role"]), login)
        db.commit()
    _print_login(login, temporary)


@staff.command()
@click.argument("login")
@click.option("--factor", is_flag=True, help="Gỡ cả xác thực hai lớp, khi mất điện thoại.")
def reset(login: str, *, factor: bool) -> None:
    """Đặt lại mật khẩu của một cán bộ: mật khẩu tạm, in ra một lần."""
    with installation() as (settings, database), database.writing() as db:
        person = _person(db, login)
        if factor:
            remove_factor(db, person, deed=_deed())
        cost = hash_cost(settings.env)
        temporary = reset_password(db, person, cost=cost, deed=_deed())
        db.commit()
    _print_login(login, temporary)


@staff.command()
@click.argument("login")
def code(login: str) -> None:
    """In mã xác thực lúc này của một người trong bản trình diễn."""
    with installation() as (_settings, database), database.reading() as db:
        if not is_demo(db):
            raise click.ClickException("Lệnh này chỉ dùng cho bản trình diễn.")
        secret = _person(db, login).account.totp_secret
    if secret is None:
        raise click.ClickException("Người này không dùng mã xác thực.")
    click.echo(pyotp.TOTP(secret).at(clock.now()))


def _add(db: Session, settings: Settings, facts: PersonFacts, role: Role, login: str) -> str:
    deed = _deed()
    cost = hash_cost(settings.env)
    person, temporary = add_person(db, facts, sign_in=login, cost=cost, deed=deed)
    grant_role(db, person, RoleSpan(role, facts.unit_id, deed.day, None), deed=deed)
    return temporary


def _deed() -> Deed:
    now = clock.now()
    return Deed(COMMAND, now, clock.day_of(now))


def _unit_named(db: Session, name: str) -> Unit:
    named = Unit.name == name if name else Unit.parent_id.is_(None)
    unit = db.scalars(select(Unit).where(named, Unit.ends.is_(None))).first()
    if unit is None:
        raise click.ClickException(f"Không có đơn vị tên “{name}”.")
    return unit


def _person(db: Session, login: str) -> StaffMember:
    account: Account | None = account_by_name(db, login)
    person = (
        account
        and db.scalars(
            select(StaffMember).where(StaffMember.account_id == account.id)
        ).one_or_none()
    )
    if not person:
        raise click.ClickException(f"Không có cán bộ nào có tên đăng nhập “{login}”.")
    return person


def _print_login(login: str, temporary: str) -> None:
    click.echo(f"  Tên đăng nhập: {login}")
    click.echo(f"  Mật khẩu tạm (đổi ở lần đăng nhập đầu tiên): {temporary}")
