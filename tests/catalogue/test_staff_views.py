"""The catalogue through the front door."""

import io

import pytest
from sqlalchemy import event, select

from sipas.catalogue import actions, queries
from sipas.catalogue.models import Procedure, Sector
from sipas.catalogue.rules import SectorFacts
from sipas.catalogue.table_file import read_lines
from sipas.clock import now
from sipas.staff.rules import Role
from tests.catalogue.files import BIRTH, DEATH, HEAD, RECORD, csv_file, xlsx_file

CATALOGUE = "/noi-bo/danh-muc/"
DRY_RUN = CATALOGUE + "nhap/xem"


@pytest.fixture
def head_office(signed_in):
    return signed_in(Role.HEAD_OFFICE)


@pytest.fixture
def send(token_in):
    """Posts the form of a page: send(browser, address, name="Hộ tịch")."""

    def post(browser, address, *, form=None, **values):
        token = token_in(browser.get(form or address))
        return browser.post(address, data={"csrf_token": token, **values})

    return post


@pytest.fixture
def upload(send):
    """Sends a file and gives the page that the browser then sees."""

    def post(browser, content, name="danh-muc.csv"):
        answer = send(browser, CATALOGUE + "nhap", file=(io.BytesIO(content), name))
        return browser.get(answer.headers["Location"]) if answer.status_code == 303 else answer

    return post


@pytest.fixture
def confirm(head_office, token_in):
    """Presses the button of the dry run, as it stands on this page."""

    def post(page):
        shown = page.text.split('name="shown" type="hidden" value="')[1].split('"')[0]
        values = {"csrf_token": token_in(page), "shown": shown}
        return head_office.post(DRY_RUN, data=values)

    return post


def test_an_empty_catalogue_shows_the_way_to_fill_it(head_office):
    page = head_office.get(CATALOGUE)

    assert "Danh mục chưa có lĩnh vực nào." in page.text
    assert f'href="{CATALOGUE}nhap"' in page.text


@pytest.mark.parametrize("role", [Role.DESK_CLERK, Role.OFFICER, Role.LEADER])
def test_only_who_keeps_the_catalogue_gets_in(signed_in, role):
    browser = signed_in(role)

    assert [
        browser.get(CATALOGUE + page).status_code for page in ("", "nhap", "danh-muc.xlsx")
    ] == [
        403,
        403,
        403,
    ]


def test_a_file_is_shown_first_and_taken_when_confirmed(db, head_office, upload, confirm):
    page = upload(head_office, xlsx_file(BIRTH, DEATH, RECORD), "danh-muc.xlsx")

    assert "Thêm mới: 5" in page.text
    assert db.scalars(select(Procedure)).all() == []
    db.commit()

    answer = confirm(page)
    after = head_office.get(answer.headers["Location"])
    assert "Đã nhập: thêm 5, sửa 0, giữ nguyên 0." in after.text
    assert "Hộ tịch" in after.text


def test_the_same_file_again_has_nothing_to_take(head_office, upload, confirm):
    confirm(upload(head_office, csv_file(BIRTH)))

    page = upload(head_office, csv_file(BIRTH))

    assert "Danh mục đã đúng như tệp" in page.text
    assert "Nhập đúng như trên" not in page.text


def test_each_problem_is_shown_with_its_row_and_column(head_office, upload):
    page = upload(head_office, csv_file(BIRTH, (*DEATH[:4], "Cấp huyện"), BIRTH))

    rows = [" ".join(row.split("</tr>")[0].split()) for row in page.text.split("<tr>")[2:]]
    assert "2 chỗ cần sửa trong tệp" in page.text
    assert ">3<" in rows[0] and "Cấp thực hiện" in rows[0] and "Cấp huyện" in rows[0]  # noqa: PT018 -- one row
    assert ">4<" in rows[1] and "Mã này đã có ở dòng 2." in rows[1]  # noqa: PT018 -- one row
    assert "Nhập đúng như trên" not in page.text


def test_a_file_without_its_heads_says_which_are_missing(head_office, upload):
    page = upload(head_office, csv_file(BIRTH, head=("a", "b", "c", "d", "e")))

    assert page.text.count("Không có cột này.") == 5


def test_a_change_shows_what_was_there_before(head_office, upload, confirm):
    confirm(upload(head_office, csv_file(BIRTH)))

    page = upload(head_office, csv_file(("HT", "Hộ tịch mới", "1.001193", "Tên mới", "Cấp tỉnh")))

    assert "Sửa: 2" in page.text
    assert "Đăng ký khai sinh; Cấp xã" in page.text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Tệp không có dòng nào."),
        (b"PK\x03\x04", "Không mở được tệp."),
        ("Mã".encode("utf-16"), "UTF-8"),
        (csv_file(*[("HT",)] * 5001), "Tệp có hơn 5.000 dòng."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field(head_office, upload, content, message):
    page = upload(head_office, content)

    assert page.status_code == 422
    assert message in page.text


def test_no_file_at_all_is_refused_at_its_field(head_office, send):
    answer = send(head_office, CATALOGUE + "nhap")

    assert answer.status_code == 422
    assert "Chọn một tệp .xlsx hoặc .csv." in answer.text


def test_names_in_a_file_cannot_become_markup(head_office, upload):
    page = upload(head_office, csv_file(("HT", "<script>alert(1)</script>", *BIRTH[2:])))

    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_pressing_the_button_twice_takes_the_file_once(head_office, upload, confirm, db):
    page = upload(head_office, csv_file(BIRTH))

    answers = [confirm(page), confirm(page)]

    assert [answer.headers["Location"] for answer in answers] == [CATALOGUE, CATALOGUE]
    assert len(db.scalars(select(Procedure)).all()) == 1


def test_a_catalogue_changed_meanwhile_is_shown_again_before_anything_is_done(
    db, head_office, upload, confirm, actor
):
    page = upload(head_office, csv_file(BIRTH))
    actions.add_sector(db, SectorFacts("HT", "Hộ tịch cũ"), by=actor, now=now())
    db.commit()

    again = confirm(page)

    assert again.status_code == 422
    assert "Danh mục vừa thay đổi." in again.text
    assert "Hộ tịch cũ" in again.text
    assert confirm(again).status_code == 303


def test_a_dropped_file_is_gone_and_nothing_was_taken(db, head_office, upload, send):
    upload(head_office, csv_file(BIRTH))

    send(head_office, CATALOGUE + "nhap/bo", form=DRY_RUN)

    assert head_office.get(DRY_RUN).headers["Location"] == CATALOGUE
    assert db.scalars(select(Sector)).all() == []


def test_the_catalogue_comes_back_as_the_file_that_fills_it(head_office, upload, confirm):
    confirm(upload(head_office, csv_file(BIRTH, RECORD)))

    answer = head_office.get(CATALOGUE + "danh-muc.xlsx")

    lines = [line.cells for line in read_lines(answer.data)]
    assert lines == [HEAD, BIRTH, RECORD]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_empty_catalogue_gives_a_file_with_the_heads_alone(head_office):
    answer = head_office.get(CATALOGUE + "danh-muc.xlsx")

    assert [line.cells for line in read_lines(answer.data)] == [HEAD]


def test_a_sector_and_a_procedure_are_added_by_hand(db, head_office, send):
    answer = send(head_office, CATALOGUE + "linh-vuc/moi", code="ht", name="Ho\u0302\u0323 tịch")
    sector_page = answer.headers["Location"]
    send(
        head_office, sector_page + "/thu-tuc/moi",
        code="1.001193", name="Đăng ký khai sinh", level="commune",
    )  # fmt: skip

    page = head_office.get(sector_page)
    [procedure] = queries.procedures_in_use(db)
    assert (procedure.sector.code, procedure.sector.name) == ("HT", "Hộ tịch")
    assert "Đăng ký khai sinh" in page.text
    assert "Cấp xã" in page.text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"code": "", "name": "Hộ tịch"}, "Ghi mã lĩnh vực."),
        ({"code": "H T", "name": "Hộ tịch"}, "không có dấu cách"),
        ({"code": "HT2", "name": ""}, "Ghi tên lĩnh vực."),
        ({"code": "ht", "name": "Khác"}, "Mã HT đã có trong danh mục."),
    ],
)
def test_a_sector_with_a_mistake_is_shown_again(head_office, sector, send, values, message):
    answer = send(head_office, CATALOGUE + "linh-vuc/moi", **values)

    assert answer.status_code == 422
    assert message in answer.text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"code": "1.9", "name": "Tên"}, "Chọn cấp thực hiện."),
        ({"code": "1.9", "name": "Tên", "level": "district"}, "Chọn một mục trong danh sách."),
        (
            {"code": "1.001193", "name": "Tên", "level": "commune"},
            "Mã 1.001193 đã có trong danh mục.",
        ),
    ],
)
def test_a_procedure_with_a_mistake_is_shown_again(head_office, procedure, send, values, message):
    address = f"{CATALOGUE}linh-vuc/{procedure.sector_id}/thu-tuc/moi"

    answer = send(head_office, address, **values)

    assert answer.status_code == 422
    assert message in answer.text


def test_a_sector_gets_another_name(head_office, sector, send):
    page = f"{CATALOGUE}linh-vuc/{sector.id}"

    send(head_office, page, name="Hộ tịch, quốc tịch")

    assert "<h1>Hộ tịch, quốc tịch</h1>" in head_office.get(page).text


def test_a_procedure_is_changed_retired_and_used_again(db, head_office, procedure, send):
    page = f"{CATALOGUE}thu-tuc/{procedure.id}"
    send(head_office, page, name="Tên mới", level="province")
    send(head_office, page + "/ngung", form=page)
    assert "Ngừng dùng từ" in head_office.get(page).text

    send(head_office, page + "/dung-lai", form=page)

    db.expire_all()
    assert (procedure.name, procedure.level, procedure.retired_on) == ("Tên mới", "province", None)


def test_a_sector_in_use_stays_and_an_unused_one_can_be_retired_and_used_again(
    head_office, procedure, send
):
    page = f"{CATALOGUE}linh-vuc/{procedure.sector_id}"
    refused = send(head_office, page + "/ngung", form=page)
    assert refused.status_code == 409
    assert "còn thủ tục đang dùng" in refused.text

    send(head_office, f"{CATALOGUE}thu-tuc/{procedure.id}/ngung", form=page)
    send(head_office, page + "/ngung", form=page)
    assert "Ngừng dùng từ" in head_office.get(page).text

    send(head_office, page + "/dung-lai", form=page)
    assert "Ngừng dùng từ" not in head_office.get(page).text.split("<table")[0]


@pytest.mark.parametrize("page", ["linh-vuc/999", "linh-vuc/999/thu-tuc/moi", "thu-tuc/999"])
def test_what_is_not_there_is_not_found(head_office, page):
    assert head_office.get(CATALOGUE + page).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_number_of_queries_for_1_and_3(
    number, database, db, head_office, actor
):
    for place in range(number):
        actions.add_sector(db, SectorFacts(f"S{place}", "Lĩnh vực"), by=actor, now=now())
    db.commit()
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: seen.append(call[2]))

    head_office.get(CATALOGUE)

    assert sum("FROM sector" in statement for statement in seen) == 1
