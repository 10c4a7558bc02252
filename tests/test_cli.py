"""The commands as a person gives them: what they print, how they end."""

import json
import re
import stat

import pytest
from sqlalchemy import select, text

from sipas.database import Database
from sipas.door.queries import account_by_name, password_matches
from sipas.door.rules import hash_cost
from sipas.ledger.actions import record
from sipas.ledger.rules import COMMAND
from sipas.mailroom.models import Notice
from sipas.staff.models import Unit
from sipas.staff.queries import office, staff_by_account
from sipas.staff.rules import Role
from tests.conftest import NOW
from tests.running import Installation, free_port, wait_for
from tests.survey.making import make_desk


@pytest.fixture
def events(db):
    for number in range(1, 6):
        record(db, "desk.added", f"desk:{number}", by=COMMAND, now=NOW)
    db.commit()


def last_line(done) -> str:
    return done.stderr.splitlines()[-1]


def test_verify_prints_the_length_and_the_head(installation, events):
    done = installation.run("verify")

    assert done.returncode == 0
    assert re.fullmatch(
        r"Toàn vẹn\. Sổ nhật ký: 5 sự kiện, mã cuối [0-9a-f]{64}\. "
        r"Chưa có tệp neo để đối chiếu\.\n",
        done.stdout,
    )


def tamper(database, *statements: str) -> None:
    drops = (
        ["DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"]
        if database.is_sqlite
        else ["DROP FUNCTION event_refuse CASCADE"]
    )
    with database.writing() as db:
        for statement in [*drops, *statements]:
            db.execute(text(statement))
        db.commit()


def test_verify_names_the_first_broken_event_in_one_line(installation, database, events):
    tamper(database, "UPDATE event SET subject = 'desk:9' WHERE seq = 3")

    done = installation.run("verify")

    assert done.returncode == 1
    assert done.stderr == "Error: Sổ nhật ký đứt ở sự kiện số 3: nội dung đã bị sửa.\n"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE event SET actor_kind = 'alien' WHERE seq = 3", "3: nội dung đã bị sửa"),
        ("DELETE FROM chain_end", "6: chuỗi bị cắt từ đây"),
    ],
)
def test_verify_names_what_no_program_writes_in_one_line(
    installation, database, events, statement, named
):
    tamper(database, statement)

    done = installation.run("verify")

    assert done.stderr == f"Error: Sổ nhật ký đứt ở sự kiện số {named}.\n"


def drop_frozen(database, name: str, table: str) -> None:
    suffix = "" if database.is_sqlite else f" ON {table}"
    with database.writing() as db:
        db.execute(text(f"DROP TRIGGER {name}{suffix}"))
        db.commit()


@pytest.mark.parametrize("command", ["verify", "check"])
def test_a_ledger_that_can_be_changed_is_not_called_whole(installation, database, command):
    tamper(database)

    done = installation.run(command)

    assert done.returncode == 1
    assert "thiếu chốt chống sửa event_no_" in done.stderr


@pytest.mark.parametrize(
    ("name", "table"),
    [("questionnaire_frozen_update", "questionnaire"), ("criterion_frozen_delete", "criterion")],
)
def test_a_questionnaire_that_is_no_longer_frozen_is_found(installation, database, name, table):
    drop_frozen(database, name, table)

    assert f"thiếu chốt chống sửa {name}" in last_line(installation.run("verify"))


def test_a_trigger_that_is_switched_off_is_as_good_as_lost(installation, database):
    if database.is_sqlite:
        pytest.skip("SQLite has no such switch")
    with database.writing() as db:
        db.execute(text("ALTER TABLE event DISABLE TRIGGER event_no_change"))
        db.commit()

    assert "thiếu chốt chống sửa event_no_change" in last_line(installation.run("verify"))


def test_a_table_that_is_gone_is_named(installation, database):
    with database.writing() as db:
        db.execute(text("DROP TABLE arrival"))
        db.commit()

    assert "thiếu bảng arrival" in last_line(installation.run("verify"))


def test_verify_knows_a_cut_end_by_the_anchor_that_the_worker_keeps(installation, database, events):
    worker = installation.worker()
    assert wait_for((installation.data / "ledger-anchor").exists), installation.log()
    worker.stop()
    tamper(
        database,
        "DELETE FROM event WHERE seq > 3",
        "UPDATE chain_end SET length = 3, hash = (SELECT hash FROM event WHERE seq = 3)",
    )

    done = installation.run("verify")

    assert done.stderr == "Error: Sổ nhật ký đứt ở sự kiện số 4: chuỗi bị cắt từ đây.\n"


def test_verify_does_not_believe_an_anchor_that_others_made(installation, events):
    installation.data.mkdir()
    (installation.data / "ledger-anchor").write_bytes(b"\xff\xfe")

    assert "bị sửa" in last_line(installation.run("verify"))


def test_a_reference_that_leads_nowhere_is_found(installation, database, events):
    if not database.is_sqlite:
        pytest.skip("PostgreSQL cannot be made to hold one")
    with database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA query_only=OFF")
        raw.execute("INSERT INTO recovery_code (account_id, code_hash) VALUES (77, 'x')")
        raw.execute("PRAGMA foreign_keys=ON")

    assert "recovery_code -> account" in last_line(installation.run("verify"))


def test_check_is_content_with_an_installation_that_is_in_order(installation):
    installation.data.mkdir(mode=0o750)

    done = installation.run("check")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "Đủ an toàn để phục vụ.\n"


def test_check_lists_everything_that_is_to_be_mended(installation):
    installation.data.mkdir()
    installation.data.chmod(0o755)

    done = installation.run(
        "check",
        SIPAS_MAIL_HOST="127.0.0.1",
        SIPAS_MAIL_PORT=str(free_port()),
        SIPAS_MAIL_FROM="gopy@anbinh.gov.vn",
        SIPAS_CLOCK="2020-01-01",
    )

    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if line.startswith("- ")] == [
        f"- Người khác trên máy đọc được thư mục {installation.data}. Chạy: chmod o-rwx.",
        "- Đồng hồ của máy chạy sai năm.",
        "- Không nối được máy chủ thư (ConnectionRefusedError).",
    ]
    assert last_line(done) == "Error: Còn 3 việc cần sửa trước khi phục vụ."


def test_check_asks_who_the_letters_are_from(installation):
    done = installation.run("check", SIPAS_MAIL_HOST="127.0.0.1")

    assert "đặt SIPAS_MAIL_FROM" in done.stderr


def test_check_finds_a_secret_that_others_can_read(installation, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text(installation.environ.pop("SIPAS_SECRET"))
    secret.chmod(0o644)

    done = installation.run("check", SIPAS_SECRET_FILE=str(secret))

    assert f"Người khác trên máy đọc được tệp khóa {secret}" in done.stderr


def test_a_wrong_setting_ends_every_command_in_one_line(installation):
    done = installation.run("verify", SIPAS_PROT="8000")

    assert (done.returncode, done.stderr) == (
        1,
        "Error: Không có biến SIPAS_PROT. Có phải ý là SIPAS_PORT?\n",
    )


def test_a_database_that_does_not_answer_ends_in_one_line(installation):
    away = f"postgresql+psycopg://nobody:hunter2@127.0.0.1:{free_port()}/none"

    done = installation.run("verify", SIPAS_DATABASE=away)

    assert (done.returncode, done.stderr) == (
        1,
        "Error: Cơ sở dữ liệu không trả lời (OperationalError).\n",
    )


def test_the_server_does_the_jobs_itself_and_stops_when_told(installation, office):
    served = installation.serve()
    assert wait_for((installation.data / "ledger-anchor").exists), installation.log()

    assert served.get("/")[0] == 200
    assert served.stop() == 0
    assert '"level": "error"' not in installation.log()


def test_the_server_leaves_the_jobs_to_the_workers_when_told(installation, office):
    served = installation.serve(SIPAS_JOBS="worker")
    served.get("/")

    assert served.stop() == 0
    assert not (installation.data / "ledger-anchor").exists()


def test_every_line_of_the_log_is_json_and_none_holds_what_was_asked_for(installation, office):
    served = installation.serve()
    served.get("/khong-co?ten=Nguyen-Van-Bi-Mat")
    served.stop()

    lines = [json.loads(line) for line in installation.log().splitlines()]
    assert [line["status"] for line in lines if line["event"] == "answered"] == [404]
    assert "Bi-Mat" not in installation.log()


def test_what_the_program_makes_is_for_its_owner_and_group(installation, office):
    installation.serve().stop()

    assert stat.S_IMODE(installation.data.stat().st_mode) == 0o750


def test_the_figures_of_two_workers_add_up(installation, database, office):
    if database.is_sqlite:
        pytest.skip("SQLite is served by one worker")
    served = installation.serve(SIPAS_METRICS="true", SIPAS_WORKERS="2")
    for _time in range(20):
        served.get("/quyen-rieng-tu")

    seen = {
        re.search(r'rule="/quyen-rieng-tu",status="200"} (\S+)', served.get("/metrics")[1])[1]
        for _time in range(6)
    }

    assert seen == {"20.0"}
    assert served.stop() == 0


FOUND = ("init", "--name", "Sở Tư pháp tỉnh An Bình", "--admin", "Nguyễn Văn Nam",
         "--email", "nam@anbinh.gov.vn", "--login", "namnv")  # fmt: skip
PASSWORD = r"\d{4}-\d{4}-\d{4}-\d{4}"


def printed(done) -> tuple[str, str]:
    """The name and the temporary password that a command printed."""
    assert done.returncode == 0, done.stderr
    return re.search(
        rf"Tên đăng nhập: (\S+)\n  Mật khẩu tạm .*: ({PASSWORD})\n", done.stdout
    ).groups()


def account(db, name):
    db.expire_all()
    found = account_by_name(db, name)
    db.rollback()
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_init_makes_the_tables_the_office_and_its_first_administrator(tmp_path, bare_url, kind):
    installation = Installation(tmp_path, bare_url(kind))

    name, password = printed(installation.run(*FOUND))

    database = Database(installation.environ["SIPAS_DATABASE"])
    with database.reading() as db:
        person = staff_by_account(db, account_by_name(db, name).id)
        assert office(db).name == "Sở Tư pháp tỉnh An Bình"
        assert [grant.role for grant in person.grants] == [Role.ADMINISTRATOR]
        assert password_matches(person.account, password, hash_cost("test"))
        assert person.account.must_change_password
        assert password not in "".join(notice.body for notice in db.scalars(select(Notice)))
    database.close()
    assert installation.run("verify").returncode == 0


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_desk_of_a_new_office_still_takes_ratings_two_years_on(tmp_path, bare_url, kind):
    installation = Installation(tmp_path, bare_url(kind))
    installation.run(*FOUND, SIPAS_CLOCK="2026-12-30T09:00")
    database = Database(installation.environ["SIPAS_DATABASE"])
    with database.writing() as db:
        code = make_desk(db, db.scalars(select(Unit)).one())
    database.close()

    served = installation.serve(SIPAS_CLOCK="2028-12-30T09:00")

    assert served.get(f"/k/{code}")[0] == 200
    installation.end()


def test_an_office_is_founded_once(installation, office):
    assert last_line(installation.run(*FOUND)) == "Error: Cơ sở dữ liệu này đã có một cơ quan."


def add_hoa(installation, role: str, *more: str):
    return installation.run("staff", "add", "hoatt", "--name", "Trần Thị Hoa", "--role", role,
                            "--email", "hoa@anbinh.gov.vn", *more)  # fmt: skip


def test_staff_are_added_with_a_role_and_a_temporary_password(installation, db, office):
    name, password = printed(add_hoa(installation, "head_office"))

    assert name == "hoatt"
    assert password_matches(account(db, name), password, hash_cost("test"))


def test_a_unit_that_is_not_there_is_named(installation, office):
    done = add_hoa(installation, "officer", "--unit", "Phòng Không có")

    assert last_line(done) == "Error: Không có đơn vị tên “Phòng Không có”."


@pytest.mark.parametrize(("options", "secret"), [((), "JBSWY3DPEHPK3PXP"), (("--factor",), None)])
def test_a_password_is_reset_and_the_second_factor_only_when_asked(
    installation, db, staff, options, secret
):
    person = staff(Role.ADMINISTRATOR)
    person.account.totp_secret = "JBSWY3DPEHPK3PXP"
    db.commit()

    name, password = printed(installation.run("staff", "reset", person.account.name, *options))

    assert account(db, name).totp_secret == secret
    assert password_matches(account(db, name), password, hash_cost("test"))


def test_a_sign_in_name_that_is_not_there_is_named(installation, office):
    done = installation.run("staff", "reset", "khongco")

    assert last_line(done) == "Error: Không có cán bộ nào có tên đăng nhập “khongco”."


def test_the_demonstration_is_made_once_and_lets_its_people_in(tmp_path, bare_url):
    installation = Installation(tmp_path, bare_url("sqlite"))

    first, second = installation.run("demo"), installation.run("demo")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert first.stdout == second.stdout
    assert installation.run("verify").returncode == 0


def test_a_real_office_is_never_filled_with_the_demonstration(installation, office):
    assert last_line(installation.run("demo")) == "Error: Cơ sở dữ liệu này đã có một cơ quan."
