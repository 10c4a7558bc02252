"""Publishing questionnaires, opening rounds, bulk intake."""

from datetime import date

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from sipas.errors import RuleError
from sipas.ledger.models import Event
from sipas.ledger.rules import COMMAND
from sipas.survey.actions import add_remarks, add_responses, open_round, publish_reference
from sipas.survey.models import Criterion, Questionnaire, Remark, Response
from sipas.survey.queries import round_for_day
from sipas.survey.reference import FOLDER, content_of, frozen
from sipas.survey.rules import RoundPlan, Tier
from tests.survey.making import NOW, make_desk, make_rating, make_round


def publish(db, name="one-tap", folder=FOLDER) -> Questionnaire:
    published = publish_reference(db, name, by=COMMAND, now=NOW, folder=folder)
    db.commit()
    return published


def events(db) -> list[str]:
    return list(db.scalars(select(Event.what).order_by(Event.seq)))


def test_a_published_questionnaire_says_what_its_file_says(db):
    published = publish(db)

    assert (published.code, published.version) == ("one-tap", 1)
    assert frozen(published.content) == content_of("one-tap")
    assert [one.code for one in published.criteria] == ["OT-1"]
    assert published.criteria[0].other_languages == {
        "en": "Are you satisfied with today’s service?"
    }
    assert events(db) == ["questionnaire.published"]


def test_publishing_the_same_words_again_adds_nothing(db):
    assert publish(db).id == publish(db).id
    assert events(db) == ["questionnaire.published"]


def test_other_words_become_the_next_version_and_the_old_one_keeps_its_own(db, tmp_path):
    first = publish(db)
    good = (FOLDER / "one-tap.yaml").read_text("utf-8")
    (tmp_path / "one-tap.yaml").write_text(good.replace("lần phục vụ", "lần tiếp đón"), "utf-8")

    second = publish(db, folder=tmp_path)

    assert (first.version, second.version) == (1, 2)
    assert "lần phục vụ" in first.criteria[0].text
    assert "lần tiếp đón" in second.criteria[0].text


CHANGES = {
    "other words": update(Questionnaire).values(content="{}"),
    "taken back": update(Questionnaire).values(published_at=None),
    "deleted": delete(Questionnaire),
    "another criterion's words": update(Criterion).values(text="Câu khác"),
    "a criterion less": delete(Criterion),
    "a criterion more": insert(Criterion).values(
        questionnaire_id=1, place=1, code="X", dimension="x", text="X", other_languages={}
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_published_version_is_frozen_by_the_database_itself(db, change):
    assert publish(db).id == 1

    with pytest.raises(DBAPIError, match="a published questionnaire is frozen"):
        db.execute(change)


def test_a_draft_can_still_be_changed(db):
    draft = Questionnaire(code="draft", version=1, title="Nháp", content="{}")
    draft.criteria = [Criterion(place=0, code="X", dimension="x", text="X", other_languages={})]
    db.add(draft)
    db.flush()

    draft.content = "{ }"
    db.delete(draft.criteria[0])
    db.flush()

    assert db.scalar(select(func.count()).select_from(Criterion)) == 0


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (RoundPlan("Ngược", date(2026, 2, 1), date(2026, 1, 1)), "Ngày kết thúc"),
        (RoundPlan("Không mức", date(2026, 1, 1), date(2026, 2, 1), tiers=()), "mức tin cậy"),
    ],
)
def test_a_round_that_cannot_be_is_refused(db, plan, says):
    with pytest.raises(RuleError, match=says):
        open_round(db, publish(db), plan, by=COMMAND, now=NOW)


def test_a_draft_asks_nobody(db):
    draft = Questionnaire(code="draft", version=1, title="Nháp", content="{}")
    plan = RoundPlan("Thử", date(2026, 1, 1), date(2026, 2, 1))

    with pytest.raises(RuleError, match="chưa được ban hành"):
        open_round(db, draft, plan, by=COMMAND, now=NOW)


def test_a_round_is_opened_with_its_tiers_and_written_into_the_ledger(db):
    made = make_round(db, tiers=(Tier.SLIP, Tier.PRESENCE))

    assert made.tiers == "slip presence"
    assert events(db) == ["questionnaire.published", "round.opened"]


def test_a_real_round_asks_before_a_test_and_the_youngest_of_several(db):
    make_round(db, name="Thử", is_test=True, opens=date(2026, 11, 1))
    make_round(db, name="Năm")
    make_round(db, name="Quý IV", opens=date(2026, 10, 1))
    make_round(db, name="Đã qua", opens=date(2026, 11, 2), closes=date(2026, 11, 3))

    assert round_for_day(db, date(2026, 11, 20)).name == "Quý IV"
    assert round_for_day(db, date(2026, 12, 31)).name == "Quý IV"
    assert round_for_day(db, date(2027, 1, 1)) is None


def test_many_responses_and_remarks_are_taken_at_once(db, office):
    make_desk(db, office)
    survey_round = make_round(db)
    rating = make_rating(survey_round, desk_id=1)

    add_responses(db, [rating] * 3)
    add_remarks(db, [(rating, "Tốt."), (rating, "Nhanh.")])
    add_responses(db, [])
    add_remarks(db, [])

    assert db.scalar(select(func.count()).select_from(Response)) == 3
    assert sorted(db.scalars(select(Remark.text))) == ["Nhanh.", "Tốt."]
