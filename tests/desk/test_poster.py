"""The sheet on a desk: one A5 page whose code a poor reader can read."""

import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from sipas.desk import poster, qr
from sipas.desk.rules import short_address, typed_address

BASE = "https://hl.anbinh.gov.vn"
ADDRESS = short_address(BASE, "302711")
SHEET = poster.Sheet(
    office="Sở Tư pháp tỉnh An Bình",
    place="Bộ phận Một cửa",
    desk="Quầy 3",
    qr=qr.svg(ADDRESS).decode(),
    typed=typed_address(BASE, "302711"),
    domain="anbinh.gov.vn",
    small_print="302711 · in 10/11/2025",
)


def grey(dots_per_inch, sheet=SHEET):
    picture = Image.open(io.BytesIO(poster.png_a5(sheet, dots_per_inch=dots_per_inch)))
    return picture.convert("L")


def washed_out(picture, *, share):
    """The picture with a white patch, as a lamp leaves it, over this share of the code."""
    code = zxingcpp.read_barcode(picture).position
    left, top = code.top_left.x, code.top_left.y
    side = code.bottom_right.x - left
    patch = side * share**0.5
    spot = (left + side * 0.35, top + side * 0.35)
    ImageDraw.Draw(picture).rectangle((*spot, spot[0] + patch, spot[1] + patch), fill=255)
    return picture


def test_the_code_is_read_from_a_grey_rendering_of_100_dots_per_inch():
    found = zxingcpp.read_barcode(grey(100))

    assert found.text == ADDRESS


def test_the_code_is_read_with_a_twelfth_of_it_washed_out():
    found = zxingcpp.read_barcode(washed_out(grey(100), share=0.08))

    assert found.text == ADDRESS


def test_a_module_is_at_least_two_and_a_half_millimetres_wide():
    code = zxingcpp.read_barcode(grey(254)).position

    millimetres = (code.top_right.x - code.top_left.x) / 10

    assert millimetres / 29 >= 2.5


def test_the_code_leads_where_the_typed_address_leads():
    found = zxingcpp.read_barcode(grey(100))

    assert found.text.lower() == f"https://{SHEET.typed}"


def test_the_pdf_is_one_page_of_a5_in_vietnamese():
    pdf = poster.pdf_a5(SHEET)

    assert re.findall(rb"/MediaBox ?\[([^]]*)\]", pdf) == [b"0 0 419.52756 595.2756"]
    assert re.findall(rb"/Lang ?\(([^)]*)\)", pdf) == [b"vi"]


def test_the_same_sheet_gives_the_same_file():
    assert poster.pdf_a5(SHEET) == poster.pdf_a5(SHEET)


def test_long_names_stay_in_the_band():
    long = replace(
        SHEET,
        office="Sở Nông nghiệp và Môi trường thành phố Hồ Chí Minh",
        place="Trung tâm Phục vụ hành chính công, cơ sở 2, đường Nguyễn Thị Minh Khai",
        desk="Quầy Hộ tịch – Quốc tịch – Chứng thực",
    )

    below_the_band = (0, 76, 583, 826)
    assert (
        grey(100, long).crop(below_the_band).tobytes() == grey(100).crop(below_the_band).tobytes()
    )


def test_letters_of_the_highland_languages_can_be_printed():
    assert poster.pdf_a5(replace(SHEET, desk="Buôn Ƀă č ĕ ĭ ñ ŏ ŭ"))


def test_the_emblem_of_the_office_takes_the_place_of_the_star():
    green = io.BytesIO()
    Image.new("RGB", (40, 40), "#00ff00").save(green, "PNG")

    drawn = poster.png_a5(replace(SHEET, emblem=green.getvalue()), dots_per_inch=100)

    middle = Image.open(io.BytesIO(drawn)).convert("RGB").getpixel((53, 34))
    assert middle == (0, 255, 0)


def test_marks_of_the_drawing_language_in_a_name_are_printed_and_not_run():
    marked = replace(SHEET, desk='#pagebreak() *Quầy* $x$ "3"')

    pdf = poster.pdf_a5(marked)

    assert len(re.findall(rb"/MediaBox", pdf)) == 1


def test_a_missing_font_is_refused_instead_of_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(poster, "FONTS", tmp_path)

    with pytest.raises(poster.PosterError, match="be vietnam pro"):
        poster.pdf_a5(SHEET)


def test_a_letter_that_cannot_be_printed_is_refused_instead_of_left_out():
    with pytest.raises(poster.PosterError, match="could not be displayed"):
        poster.pdf_a5(replace(SHEET, desk="Quầy \N{GRINNING FACE}"))
