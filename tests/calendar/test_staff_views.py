"""The calendar's pages, through the front door."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest

from sipas.calendar import queries
from sipas.calendar.actions import set_day
from sipas.calendar.rules import CalendarDay, DayKind
from sipas.ledger.rules import COMMAND
from sipas.staff.rules import Role

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
PAGES = ["", "/2026", "/ngay/2026-09-02", "/cach-tinh-han", "/ky-bao-cao", "/ky-bao-cao/2027"]
EDITS = ["/ngay/moi", "/ngay/2026-09-02/sua", "/ngay/2026-09-02/bo", "/gio-lam-viec"]
STORM = {
    "day": "2026-05-05",
    "kind": "holiday",
    "name": "Nghỉ phòng chống bão",
    "decision": "Công điện 12/CĐ-UBND",
    "reason": "",
}


@pytest.fixture(autouse=True)
def november(at):
    at("2026-11-20 09:00")


@pytest.fixture
def clerk(loaded, signed_in):
    return signed_in(Role.HEAD_OFFICE)


@pytest.fixture
def officer(loaded, signed_in):
    return signed_in(Role.OFFICER)


@pytest.fixture
def send(token_in):
    """Posts a form as a browser would: with the token and the hidden fields of the page."""

    def post(client, way, fields):
        page = client.get(f"/noi-bo/lich{way}")
        seen = re.search(r'name="seen"[^>]*value="(\d*)"', page.text)
        hidden = {"csrf_token": token_in(page), **({"seen": seen[1]} if seen else {})}
        return client.post(f"/noi-bo/lich{way}", data={**hidden, **fields})

    return post


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split()).replace("\u00a0", " ")


def in_force(database, day):
    with database.reading() as db:
        return queries.calendar(db).days.get(day)


def versions(database, day):
    with database.reading() as db:
        return len(queries.versions_of_day(db, day))


@pytest.mark.parametrize("page", PAGES)
def test_every_officer_reads_the_calendar(officer, page):
    assert officer.get(f"/noi-bo/lich{page}").status_code == 200


@pytest.mark.parametrize("page", EDITS)
def test_only_who_may_edit_reaches_a_form(clerk, officer, page):
    assert clerk.get(f"/noi-bo/lich{page}").status_code == 200
    assert officer.get(f"/noi-bo/lich{page}").status_code == 403
    assert officer.post(f"/noi-bo/lich{page}").status_code == 403


@pytest.mark.parametrize("page", PAGES + EDITS)
def test_who_is_not_signed_in_is_led_to_the_door(loaded, browser, page):
    assert browser.get(f"/noi-bo/lich{page}").status_code == 303


def test_an_officer_is_offered_no_change(officer):
    year = officer.get("/noi-bo/lich/2026").text
    day = officer.get("/noi-bo/lich/ngay/2026-09-02").text

    assert "Thêm ngày" not in year
    assert "Sửa" not in day


def test_the_calendar_opens_on_this_year_with_every_kind_of_day_in_words(officer):
    page = text_of(officer.get("/noi-bo/lich"))

    assert "Lịch làm việc năm 2026" in page
    assert "1 lễ 2 nghỉ đổi 3" in page
    assert "10 làm bù" in page
    assert "27 nghỉ bù" in page
    assert "thứ Năm 01/01/2026" in page
    assert "Văn bản số 12729/VPCP-KGVX ngày 25/12/2025" in page
    assert "Thứ Hai 08:00–12:00, 13:00–17:00" in page
    assert "Chủ nhật nghỉ" in page


def test_days_without_a_document_are_said_to_be_expected(officer):
    page = text_of(officer.get("/noi-bo/lich/2027"))

    assert "8 ngày mới là dự kiến" in page
    assert "4 lễ (?)" in page
    assert page.count("Dự kiến, chưa có văn bản") == 8


def test_a_year_without_days_says_what_that_means(officer, clerk):
    page = text_of(officer.get("/noi-bo/lich/2030"))

    assert "Chưa có ngày nghỉ nào của năm này" in page
    assert "Nạp lịch có sẵn" not in text_of(clerk.get("/noi-bo/lich/2030"))


@pytest.mark.parametrize("year", ["1999", "2101", "26", "nam", "-2026"])
def test_an_absurd_year_is_not_found(officer, year):
    assert officer.get(f"/noi-bo/lich/{year}").status_code == 404


@pytest.mark.parametrize("day", ["1999-12-31", "2101-01-01", "2026-02-30", "hom-nay"])
def test_an_absurd_day_is_not_found(clerk, day):
    assert clerk.get(f"/noi-bo/lich/ngay/{day}").status_code == 404
    assert clerk.get(f"/noi-bo/lich/ngay/{day}/sua").status_code == 404


def test_an_empty_calendar_is_filled_by_one_button(office, signed_in, token_in, database):
    client = signed_in(Role.HEAD_OFFICE)
    page = client.get("/noi-bo/lich")

    answer = client.post("/noi-bo/lich/nap", data={"csrf_token": token_in(page)})

    assert answer.status_code == 303
    assert "Đã nạp lịch các năm: 2024, 2025, 2026, 2027." in client.get("/noi-bo/lich").text
    assert in_force(database, date(2026, 1, 2)).kind == DayKind.SWAPPED_OFF


def test_an_empty_calendar_tells_an_officer_whom_to_ask(office, signed_in):
    page = signed_in(Role.OFFICER).get("/noi-bo/lich").text

    assert "Đề nghị Văn phòng Sở" in page


def test_filling_twice_changes_nothing(clerk, token_in):
    token = token_in(clerk.get("/noi-bo/lich/ngay/moi"))

    clerk.post("/noi-bo/lich/nap", data={"csrf_token": token})

    assert "Lịch đã có đủ" in clerk.get("/noi-bo/lich").text


def test_filling_needs_the_token(clerk):
    assert clerk.post("/noi-bo/lich/nap").status_code == 422


def test_a_day_is_added_and_shown_with_who_entered_it(clerk, send, database):
    answer = send(clerk, "/ngay/moi", STORM)

    page = text_of(clerk.get(answer.headers["Location"]))
    assert answer.status_code == 303
    assert in_force(database, date(2026, 5, 5)).name == "Nghỉ phòng chống bão"
    assert "Đã ghi ngày vào lịch." in page
    assert "Nghỉ lễ, tết – Nghỉ phòng chống bão. Theo Công điện 12/CĐ-UBND." in page
    assert "Người head_office" in page


def test_a_day_typed_the_vietnamese_way_is_understood(clerk, send, database):
    send(clerk, "/ngay/moi", {**STORM, "day": "05/05/2026"})

    assert in_force(database, date(2026, 5, 5)) is not None


def test_the_same_form_sent_twice_writes_once(clerk, send, database):
    answers = [send(clerk, "/ngay/moi", STORM).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert versions(database, date(2026, 5, 5)) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"day": ""}, "Chọn ngày."),
        ({"day": "31/02/2026"}, "Viết ngày, ví dụ 20/11/2026."),
        ({"day": "1850-01-01"}, "Năm phải từ 2000 đến 2100."),
        ({"kind": ""}, "Chọn loại ngày."),
        ({"kind": "weekend"}, "Chọn một mục trong danh sách."),
        ({"kind": "makeup_working"}, "vốn là ngày làm việc nên không thể là ngày làm bù"),
        ({"day": "2026-05-09", "kind": "half_day"}, "vốn là ngày nghỉ hằng tuần"),
        ({"name": " "}, "Viết tên ngày"),
        ({"name": "ă" * 201}, "Dài quá 200 ký tự. Rút ngắn 1 ký tự."),
        ({"decision": "s" * 201}, "Dài quá 200 ký tự."),
        ({"decision": ""}, "Chưa có văn bản thì viết lý do ghi ngày này."),
        ({"day": "2026-09-02"}, "Ngày này đã có trong lịch: Quốc khánh. Mở ngày đó để sửa."),
    ],
)
def test_a_bad_day_is_refused_at_its_field_and_what_was_typed_stays(
    clerk, send, database, change, message
):
    answer = send(clerk, "/ngay/moi", {**STORM, "name": "Tên đã viết", **change})

    assert answer.status_code == 422
    assert message in answer.text
    assert change.get("name", "Tên đã viết").strip() in answer.text
    assert versions(database, date(2026, 5, 5)) == 0
    assert in_force(database, date(2026, 9, 2)).name == "Quốc khánh"


def test_a_day_is_changed_and_its_first_version_stays_readable(clerk, send, database):
    send(clerk, "/ngay/moi", STORM)
    half = {"kind": "half_day", "name": "Làm buổi sáng", "decision": "", "reason": "Bão tan"}

    answer = send(clerk, "/ngay/2026-05-05/sua", half)

    page = text_of(clerk.get("/noi-bo/lich/ngay/2026-05-05"))
    assert answer.status_code == 303
    assert in_force(database, date(2026, 5, 5)).kind == DayKind.HALF_DAY
    assert "Làm nửa ngày (buổi sáng): Làm buổi sáng — Bão tan" in page
    assert "Nghỉ lễ, tết: Nghỉ phòng chống bão" in page


def test_the_form_of_a_change_shows_what_stands(clerk):
    page = clerk.get("/noi-bo/lich/ngay/2026-09-02/sua").text

    assert 'value="Quốc khánh"' in page
    assert re.search(r"<input[^>]*checked[^>]*value=\"holiday\"", page)


def test_an_ordinary_day_can_be_changed_from_its_page(clerk, send, database):
    send(clerk, "/ngay/2026-05-06/sua", {**STORM, "name": "Nghỉ bão ngày hai"})

    assert in_force(database, date(2026, 5, 6)).name == "Nghỉ bão ngày hai"


def test_a_change_needs_a_reason(clerk, send, database):
    fields = {"kind": "holiday", "name": "Quốc khánh mới", "decision": "Số 1", "reason": ""}

    answer = send(clerk, "/ngay/2026-09-02/sua", fields)

    assert answer.status_code == 422
    assert "Viết lý do sửa ngày này." in answer.text
    assert in_force(database, date(2026, 9, 2)).name == "Quốc khánh"


def test_a_change_over_a_newer_version_is_shown_again_and_then_accepted(
    clerk, send, token_in, database
):
    old = clerk.get("/noi-bo/lich/ngay/2026-09-02/sua")
    fields = {"kind": "holiday", "name": "Của tôi", "decision": "Số 1", "reason": "Sửa tên"}
    send(clerk, "/ngay/2026-09-02/sua", {**fields, "name": "Của người khác"})

    def again(page):
        seen = re.search(r'name="seen"[^>]*value="(\d*)"', page.text)[1]
        hidden = {"csrf_token": token_in(page), "seen": seen}
        return clerk.post("/noi-bo/lich/ngay/2026-09-02/sua", data={**hidden, **fields})

    refused = again(old)

    assert refused.status_code == 422
    assert "vừa được người khác sửa" in refused.text
    assert 'value="Của tôi"' in refused.text
    assert again(refused).status_code == 303
    assert in_force(database, date(2026, 9, 2)).name == "Của tôi"


def test_who_enters_a_day_while_a_colleague_does_is_told_instead_of_overwriting(
    clerk, token_in, db, database
):
    token = token_in(clerk.get("/noi-bo/lich/ngay/moi"))
    theirs = CalendarDay(date(2026, 5, 5), DayKind.HOLIDAY, "Của đồng nghiệp", "Số 9")
    set_day(db, theirs, reason="", by=COMMAND, now=NOW)
    with ThreadPoolExecutor() as beside:
        answer = beside.submit(
            clerk.post, "/noi-bo/lich/ngay/moi", data={**STORM, "csrf_token": token}
        )
        time.sleep(0.5)  # it now waits for the colleague's transaction
        db.commit()

    assert answer.result().status_code == 422
    assert "Nghỉ phòng chống bão" in answer.result().text
    assert in_force(database, date(2026, 5, 5)) == theirs


def test_a_day_is_taken_out_with_a_reason(clerk, send, database):
    refused = send(clerk, "/ngay/2026-09-01/bo", {"reason": ""})
    answer = send(clerk, "/ngay/2026-09-01/bo", {"reason": "Thông báo mới"})

    assert refused.status_code == 422
    assert "Viết lý do bỏ ngày này khỏi lịch." in refused.text
    assert answer.status_code == 303
    assert in_force(database, date(2026, 9, 1)) is None
    page = text_of(clerk.get("/noi-bo/lich/ngay/2026-09-01"))
    assert "thứ Ba 01/09/2026: Ngày làm việc ." in page
    assert "Bỏ khỏi lịch: Quốc khánh (ngày liền kề) — Thông báo mới" in page


def test_a_day_that_nobody_entered_cannot_be_taken_out(clerk):
    assert clerk.get("/noi-bo/lich/ngay/2026-05-05/bo").status_code == 404


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


def test_new_hours_are_kept_and_shown(clerk, send):
    answer = send(
        clerk, "/gio-lam-viec", {**dict.fromkeys(WEEK, "7:30-11:30, 13h30 – 17h00"), "saturday": ""}
    )

    assert answer.status_code == 303
    assert "Thứ Sáu 07:30–11:30, 13:30–17:00" in text_of(clerk.get("/noi-bo/lich"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("tám giờ", "Viết giờ theo dạng 08:00-12:00, 13:00-17:00."),
        ("25:00-26:00", "Viết giờ theo dạng"),
        ("12:00-08:00", "Viết giờ theo dạng"),
        ("08:00-12:00, 11:00-17:00", "Phải có ít nhất một ngày làm việc"),
        ("", "Phải có ít nhất một ngày làm việc"),
    ],
)
def test_impossible_hours_are_refused_and_stay_as_typed(clerk, send, line, message):
    answer = send(clerk, "/gio-lam-viec", dict.fromkeys(WEEK, line))

    assert answer.status_code == 422
    assert message in answer.text
    assert f'value="{line}"' in answer.text
    assert "08:00–12:00, 13:00–17:00" in clerk.get("/noi-bo/lich").text


def deadline_page(client, **asked):
    fields = {
        "nhan": "2026-04-24T09:00",
        "so-ngay": "5",
        "tinh-theo": "working_days",
        "ngoai-gio": "roll",
        "gio-chot": "",
    }
    return client.get("/noi-bo/lich/cach-tinh-han", query_string={**fields, **asked})


def test_the_way_a_deadline_is_counted_is_listed_day_by_day(officer):
    page = text_of(deadline_page(officer))

    assert "Hạn: 17:00, thứ Tư 06/05/2026" in page
    assert "thứ Sáu 24/04/2026 Ngày tiếp nhận, không tính Ngày làm việc" in page
    assert "thứ Bảy 25/04/2026 Nghỉ, không tính Nghỉ hằng tuần" in page
    assert "thứ Hai 27/04/2026 Nghỉ, không tính Nghỉ bù Giỗ Tổ Hùng Vương" in page
    assert "thứ Ba 28/04/2026 Ngày thứ 1 Ngày làm việc" in page
    assert "thứ Tư 06/05/2026 Ngày thứ 5, hết hạn lúc 17:00 Ngày làm việc" in page


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ({"nhan": "2026-05-02T22:15"}, "17:00, thứ Hai 11/05/2026"),
        ({"nhan": "2026-05-02T22:15", "ngoai-gio": "next_is_day_one"}, "17:00, thứ Sáu 08/05/2026"),
        ({"nhan": "24/04/2026 09:00", "tinh-theo": "calendar_days"}, "17:00, thứ Tư 29/04/2026"),
        ({"nhan": "2026-04-24T09:00", "tinh-theo": "calendar_days", "so-ngay": "7"},
         "17:00, thứ Hai 04/05/2026"),
        ({"nhan": "2026-04-24T15:30", "gio-chot": "15:00"}, "17:00, thứ Năm 07/05/2026"),
        ({"nhan": "2026-01-01T09:00", "so-ngay": "1"}, "17:00, thứ Ba 06/01/2026"),
    ],
)  # fmt: skip
def test_receipt_unit_rule_and_cut_off_decide_the_end(officer, asked, due):
    assert f"Hạn: {due}" in text_of(deadline_page(officer, **asked))


def test_a_deadline_through_expected_days_says_that_it_may_change(officer):
    page = text_of(deadline_page(officer, nhan="2027-02-03T09:00"))

    assert "qua ngày nghỉ dự kiến" in page


def test_a_deadline_into_a_year_without_days_names_the_year(officer):
    page = text_of(deadline_page(officer, nhan="2027-12-30T09:00"))

    assert "Chưa có ngày nghỉ của năm 2028 trong lịch" in page


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"nhan": ""}, "Chọn ngày và giờ tiếp nhận."),
        ({"nhan": "hôm qua"}, "Viết ngày và giờ, ví dụ 20/11/2026 14:05."),
        ({"nhan": "1900-01-01T09:00"}, "Năm phải từ 2000 đến 2100."),
        ({"so-ngay": "0"}, "Số ngày phải từ 1 đến 365."),
        ({"so-ngay": "366"}, "Số ngày phải từ 1 đến 365."),
        ({"so-ngay": "9" * 5000}, "Viết một số nguyên."),
        ({"so-ngay": "năm"}, "Viết một số nguyên."),
        ({"tinh-theo": "hours"}, "Chọn một mục trong danh sách."),
        ({"ngoai-gio": ""}, "Chọn cách tính."),
        ({"gio-chot": "25:00"}, "Viết giờ, ví dụ 14:05."),
    ],
)
def test_a_bad_question_about_a_deadline_is_refused_at_its_field(officer, asked, message):
    answer = deadline_page(officer, **asked)

    assert answer.status_code == 422
    assert message in answer.text
    assert "Hạn:" not in answer.text


def test_an_empty_calendar_counts_no_deadline(office, signed_in):
    answer = deadline_page(signed_in(Role.OFFICER))

    assert answer.status_code == 409
    assert "Chưa có giờ làm việc của cơ quan" in answer.text


def test_report_periods_show_their_windows_due_days_and_legal_basis(officer):
    page = text_of(officer.get("/noi-bo/lich/ky-bao-cao/2026"))

    assert (
        "Báo cáo cải cách hành chính Quý III 15/06/2026 đến hết 14/09/2026 Riêng trong kỳ "
        "20/09/2026 Văn bản 581/BNV-CCHC của Bộ Nội vụ"
    ) in page
    assert "Tháng 02 01/02/2026 đến hết 28/02/2026" in page


def test_a_year_before_the_first_period_says_so(officer):
    assert "Chưa có kỳ báo cáo nào" in officer.get("/noi-bo/lich/ky-bao-cao/2023").text
