"""The short rating: from the code at a desk to the thanks, without a cookie or a script."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sipas import clock, i18n
from sipas.desk.models import Desk
from sipas.desk.queries import FoundCode, desk_by_code
from sipas.desk.rules import CODE_LENGTH, CodeState, typed_code
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.survey import actions, queries, reference
from sipas.survey.forms import MoreForm, RatingForm
from sipas.survey.models import SurveyRound
from sipas.survey.rules import (
    LONGEST_REMARK,
    Channel,
    Rating,
    Receipt,
    Sending,
    ShownForm,
    Tier,
    device_mark,
    new_form,
    sealed,
    sending,
    takes_forms,
    unsealed,
)
from sipas.web.error_pages import Problem, show
from sipas.web.request_db import get_db, get_settings

bp = Blueprint("survey", __name__)


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """One button of the scale."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A form in a citizen's hands: at which desk, of which round, under which name."""

    desk: Desk
    code: str
    survey_round: SurveyRound
    form: ShownForm

    @property
    def content(self) -> reference.Content:
        return reference.frozen(self.survey_round.questionnaire.content)

    @property
    def language(self) -> str:
        return self.content.in_language(i18n.spoken())

    @property
    def other_language(self) -> str | None:
        """The language of the questionnaire's words, where the page around them has another."""
        return self.language if self.language != i18n.spoken() else None

    @property
    def question(self) -> str:
        return self.content.criteria[0].text[self.language]

    @property
    def levels(self) -> list[ShownLevel]:
        return [
            ShownLevel(level.value, level.text[self.language])
            for level in self.content.shown_levels()
        ]

    def label(self, level: int) -> str:
        return self.content.level(level).text[self.language]

    @property
    def phieu(self) -> str:
        """The form's name, as its hidden field carries it."""
        return sealed(self.form, self.code, _key())

    def sending(self, level: int) -> Sending:
        return sending(self.form, self.content.one_answer(level), _key())

    def remark_sending(self, remark: str) -> Sending:
        return sending(self.form, remark, _key(), kind="remark")

    def rating(self, level: int, reasons: Collection[str] = ()) -> Rating:
        return Rating(
            round_id=self.survey_round.id,
            questionnaire_id=self.survey_round.questionnaire_id,
            desk_id=self.desk.id,
            day=clock.today(),
            channel=Channel.PHONE,
            tier=Tier.OPEN,
            language=self.language,
            answers=self.content.one_answer(level),
            reasons=self.content.chosen_reasons(reasons),
        )


@bp.before_request
def _hold_what_was_written() -> None:
    """Every page that cannot take a remark gives it back; the error pages find it here too."""
    g.written = request.form.get("y_kien", "")


@bp.after_request
def _for_one_reader_only(response: Response) -> Response:
    """Two people who were handed one stored form would be counted as one."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/<digits:code>")
@bp.get("/K/<code>")
@bp.get("/k/<code>")
def rating(code: str) -> ResponseReturnValue:
    found = desk_by_code(get_db(), code)
    if found.desk is None or found.state is not CodeState.VALID:
        return _lost(code, found)
    return _new_form_page(found.desk, typed_code(code))


@bp.get("/k")
def enter_code() -> ResponseReturnValue:
    """For who has the printed number and no camera; also where a mistyped one is put right."""
    code = typed_code(request.args.get("ma", ""))
    if not code:
        return render_template("survey/enter_code.html", heading=_("Nhập mã quầy"), typed="")
    found = desk_by_code(get_db(), code)
    if found.desk is None:
        return _lost(code, found)
    return redirect(url_for(".rating", code=code), 303)


@bp.get("/k/<code>/danh-gia")
@bp.get("/k/<code>/doi")
@bp.get("/k/<code>/them")
def back_to_rating(code: str) -> ResponseReturnValue:
    """Who opens the address of an answer gets the question."""
    return redirect(url_for(".rating", code=code), 303)


@bp.post("/k/<code>/danh-gia")
def rate(code: str) -> ResponseReturnValue:
    db = get_db()
    asked = _asked(code)
    if not isinstance(asked, Asked):
        return asked
    form = RatingForm()
    if not form.validate_on_submit():
        return _rating_page(asked, *form.sentences()), form.status

    sent, now = asked.sending(form.level()), clock.now()
    try:
        receipt = actions.submit(db, sent, asked.rating(form.level()), device=_device(), now=now)
    except actions.AnsweredOtherwiseError:
        db.rollback()
        return render_template("survey/answered.html", asked=asked, level=form.level()), 409
    page = _thanks_page(asked, form.level(), receipt)  # later, it would wait for a turn to write
    db.commit()
    return page


@bp.post("/k/<code>/doi")
def change(code: str) -> ResponseReturnValue:
    db = get_db()
    asked = _asked(code)
    if not isinstance(asked, Asked):
        return asked
    form = RatingForm()
    if not form.validate_on_submit():
        return _rating_page(asked, *form.sentences()), form.status

    wanted = asked.rating(form.level())
    try:
        receipt = actions.change(db, asked.sending(form.level()), wanted, now=clock.now())
    except RuleError as error:
        return _refused(asked, error)
    page = _thanks_page(asked, form.level(), receipt)  # later, it would wait for a turn to write
    db.commit()
    return page


@bp.post("/k/<code>/them")
def add_more(code: str) -> ResponseReturnValue:
    """Reasons and a remark after the rating: all that was sent is stored, or nothing of it."""
    db = get_db()
    asked = _asked(code)
    if not isinstance(asked, Asked):
        return asked
    form = MoreForm.offering(asked.content.reason_codes())
    if not form.validate_on_submit():
        return _more_again(asked, form), form.status

    rated = asked.rating(form.level(), form.reasons())
    try:
        receipt = actions.set_reasons(db, asked.sending(form.level()), rated, now=clock.now())
        if remark := form.remark():
            actions.keep_remark(db, asked.remark_sending(remark), remark, rated)
    except RuleError as error:
        return _refused(asked, error)
    page = render_template("survey/more_thanks.html", asked=asked, receipt=receipt)
    db.commit()
    return page


def _asked(code: str) -> Asked | ResponseReturnValue:
    """The form that was sent, or the page that says why it cannot be taken."""
    db = get_db()
    found = desk_by_code(db, code)
    if found.desk is None or found.state is not CodeState.VALID:
        return _lost(code, found)
    code = typed_code(code)
    form = unsealed(request.form.get("phieu", ""), code, _key())
    if form is None or not form.is_fresh(clock.now()):
        too_old = _("Trang này mở đã lâu nên chưa ghi nhận được. Chạm lại một ô.")
        return _new_form_page(found.desk, code, too_old)
    survey_round = queries.round_by_id(db, form.round_id)
    if survey_round and takes_forms(survey_round.opens, survey_round.closes, clock.today()):
        return Asked(found.desk, code, survey_round, form)
    return _closed(found.desk)


def _new_form_page(desk: Desk, code: str, *errors: str) -> ResponseReturnValue:
    """A form that nobody has sent yet; also in the place of one that cannot be taken."""
    survey_round = queries.round_for_day(get_db(), clock.today())
    if survey_round is None:
        return _closed(desk)
    asked = Asked(desk, code, survey_round, new_form(survey_round.id, now=clock.now()))
    return _rating_page(asked, *errors), 422 if errors else 200


def _rating_page(asked: Asked, *errors: str) -> str:
    main_form = "rate" if request.method == "POST" else None
    return render_template("survey/rating.html", asked=asked, errors=errors, main_form=main_form)


def _thanks_page(asked: Asked, level: int, receipt: Receipt, form: MoreForm | None = None) -> str:
    return render_template(
        "survey/thanks.html",
        asked=asked,
        level=level,
        receipt=receipt,
        form=form or MoreForm(formdata=None),
        longest=LONGEST_REMARK,
    )


def _more_again(asked: Asked, form: MoreForm) -> str:
    """The thanks again, with what was ticked and written; without a rating, the question."""
    if not form.muc.errors:
        arrived = queries.receipt(get_db(), asked.sending(form.level()))
        if arrived:
            return _thanks_page(asked, form.level(), arrived, form)
    return _rating_page(asked, *form.sentences())


def _lost(code: str, found: FoundCode) -> ResponseReturnValue:
    if found.state is CodeState.REVOKED and found.desk:
        return show(_revoked(found.desk, found.onward))
    typed = typed_code(code)
    is_slip = found.state is CodeState.MISTYPED and len(typed) == CODE_LENGTH
    heading = _("Mã có một chữ số sai") if is_slip else _("Không tìm thấy quầy này")
    page = render_template("survey/enter_code.html", heading=heading, typed=typed[:CODE_LENGTH])
    return page, 404


def _revoked(desk: Desk, onward: str | None) -> Problem:
    ways = [(_("Về trang đầu"), "/"), (_("Nhập mã quầy khác"), url_for(".enter_code"))]
    if onward:
        ways.insert(0, (_("Đánh giá bằng mã mới"), url_for(".rating", code=onward)))
    return Problem(
        410,
        _("Mã này không dùng được nữa"),
        [_("Mã của %(desk)s đã được thay. Tờ giấy Ông/Bà quét là tờ cũ.", desk=desk.name)],
        ways,
    )


def _closed(desk: Desk) -> ResponseReturnValue:
    return show(
        Problem(
            409,
            _("Hiện không có đợt lấy ý kiến"),
            [_("%(desk)s chưa mở hoặc đã kết thúc đợt đánh giá.", desk=desk.name)],
            [(_("Về trang đầu"), "/"), (_("Nhập mã quầy khác"), url_for(".enter_code"))],
        )
    )


def _refused(asked: Asked, error: RuleError) -> ResponseReturnValue:
    get_db().rollback()
    again = url_for(".rating", code=asked.code)
    ways = [(_("Đánh giá một lần phục vụ khác"), again), (_("Về trang đầu"), "/")]
    return show(Problem(409, _("Chưa làm được"), [error.message], ways))


def _device() -> bytes:
    """Only the arrival buffer holds it, for a day; neither it nor what it is made of is logged."""
    address, agent = request.remote_addr or "", request.user_agent.string
    return device_mark(_key(), clock.today(), address, agent)


def _key() -> bytes:
    return get_settings().key("survey")
