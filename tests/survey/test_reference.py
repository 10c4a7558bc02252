"""Questionnaires as files: the shipped one is good, and a bad one is told exactly what is wrong."""

import unicodedata
from pathlib import Path

import pytest
import yaml

from sipas.errors import RuleError
from sipas.survey.reference import FOLDER, Wording, content_of, frozen

SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
GOOD = (FOLDER / "one-tap.yaml").read_text("utf-8")


def refusal(folder: Path, text: str) -> str:
    (folder / "bad.yaml").write_text(text, "utf-8")
    with pytest.raises(RuleError) as refused:
        content_of("bad", folder)
    return refused.value.message


def without(*path: object) -> str:
    """The good file, one part of it taken out."""
    return changed(*path, to=None, leave=True)


def changed(*path: object, to: object, leave: bool = False) -> str:
    whole = yaml.safe_load(GOOD)
    part = whole
    for step in path[:-1]:
        part = part[step]
    if leave:
        del part[path[-1]]
    else:
        part[path[-1]] = to
    return yaml.safe_dump(whole, allow_unicode=True)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_questionnaire_can_be_read_and_frozen(name):
    content = content_of(name)

    assert content.code == name
    assert frozen(content.model_dump_json()) == content


def test_the_short_rating_asks_one_criterion_with_the_good_end_first():
    content = content_of("one-tap")

    assert len(content.criteria) == 1
    assert [level.value for level in content.shown_levels()] == [5, 4, 3, 2, 1]
    assert content.level(4).text == {"vi": "Hài lòng", "en": "Satisfied"}
    assert content.scale.wording is Wording.TRANSCRIBED_SECONDARY


def test_the_same_four_reasons_are_worded_for_three_groups_of_levels():
    content = content_of("one-tap")
    groups = [content.reasons_after(level) for level in (5, 4, 3, 2, 1)]

    assert content.reason_codes() == ["attitude", "guidance", "time", "papers"]
    assert [group.asks["en"] for group in groups] == [
        "What pleased you?",
        "What pleased you?",
        "What should be better?",
        "What displeased you?",
        "What displeased you?",
    ]


def test_reasons_and_answers_are_stored_as_one_sign_each():
    content = content_of("one-tap")

    assert content.chosen_reasons(["time", "attitude"]) == "1010"
    assert content.chosen_reasons([]) == "0000"
    assert content.one_answer(4) == "4"


def test_the_other_end_may_come_first(tmp_path):
    (tmp_path / "turned.yaml").write_text(changed("order", to="worst_first"), "utf-8")

    levels = content_of("turned", tmp_path).shown_levels()

    assert [level.value for level in levels] == [1, 2, 3, 4, 5]


def test_a_language_that_is_not_there_is_shown_in_vietnamese():
    content = content_of("one-tap")

    assert [content.in_language(code) for code in ("en", "vi", "km")] == ["en", "vi", "vi"]


def test_words_are_composed_as_they_are_read(tmp_path):
    (tmp_path / "apart.yaml").write_text(unicodedata.normalize("NFD", GOOD), "utf-8")

    assert content_of("apart", tmp_path) == content_of("one-tap")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (without("criteria", 0, "text"), "“criteria.0.text”: thiếu mục này"),
        (without("sources"), "“sources”: thiếu mục này"),
        (changed("colour", to="red"), "“colour”: không phải là mục được dùng ở đây"),
        (changed("criteria", to=[]), "“criteria”: phải có ít nhất một mục"),
        (changed("criteria", to="x"), "“criteria”: phải là một danh sách"),
        (changed("criteria", 0, to="x"), "“criteria.0”: phải gồm các mục có tên"),
        (changed("title", to="x"), "“title”: phải gồm các mục có tên"),
        (changed("title", "vi", to=7), "“title.vi”: phải là chữ"),
        (changed("title", "vi", to="  "), "“title.vi”: phải có chữ"),
        (changed("title", "vi", to="a" * 501), "“title.vi”: dài quá 500 ký tự"),
        (changed("code", to="một chạm"), "“code”: chỉ dùng chữ không dấu"),
        (changed("order", to="random"), "“order”: phải là một trong: 'best_first'"),
        (
            changed("scale", "wording", to="?"),
            "“scale.wording”: phải là một trong: 'official_seen'",
        ),
        (changed("scale", "levels", 0, "value", to="5"), "phải là số nguyên"),
        (changed("scale", "levels", 0, "value", to=6), "mức phải từ 1 đến 5"),
        (changed("scale", "levels", 0, "value", to=0), "mức phải từ 1 đến 5"),
        (changed("scale", "levels", 0, "value", to=4), "phải có đủ năm mức 1 đến 5"),
        (changed("languages", to=["en"]), "mục languages phải có vi"),
        (changed("languages", to=["vi", "en", "km"]), "không khớp ở tiếng “km”"),
        (without("reasons", 1, "asks", "en"), "“Điều gì cần tốt hơn?” và mục languages"),
        (changed("reasons", 1, "levels", to=[3, 4]), "mức 4 nằm trong hai nhóm lý do"),
        (without("reasons", 2, "offers", 0), "các nhóm lý do phải có cùng mã, cùng thứ tự"),
        (f"{GOOD}\ncode: twice\n", "mục “code” bị ghi hai lần"),
        ("code: [", "sai cú pháp YAML"),
        ("", "không có nội dung"),
        ("- một\n- hai", "phải gồm các mục có tên"),
        (changed("title", to=2026), "phải gồm các mục có tên"),
    ],
)
def test_a_bad_file_is_told_what_is_wrong(tmp_path, text, says):
    assert says in refusal(tmp_path, text)


def test_two_criteria_cannot_have_one_code(tmp_path):
    whole = yaml.safe_load(GOOD)
    whole["criteria"] *= 2

    message = refusal(tmp_path, yaml.safe_dump(whole, allow_unicode=True))

    assert "mã tiêu chí OT-1 bị ghi hai lần" in message


def test_everything_that_is_wrong_is_named_at_once_each_with_its_line(tmp_path):
    text = GOOD.replace("order: best_first", "order: random").replace("value: 3", "value: 9")

    lines = refusal(tmp_path, text).splitlines()

    assert [line.split(":")[0].split(",")[1].strip() for line in lines] == [
        f"dòng {text.splitlines().index('order: random') + 1}",
        f"dòng {next(n for n, line in enumerate(text.splitlines(), 1) if 'value: 9' in line)}",
    ]


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(RuleError) as refused:
        content_of("nowhere", tmp_path)

    assert refused.value.message == "Không đọc được tệp nowhere.yaml."
