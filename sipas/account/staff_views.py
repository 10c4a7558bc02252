"""Signing in, proving it again, and one's own account."""

from collections.abc import Iterable

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from sipas import clock
from sipas.account import actions, labels, qr
from sipas.account.forms import (
    CodeForm,
    DoorForm,
    FactorForm,
    PasswordForm,
    ProveForm,
    SignInForm,
    TriedForm,
)
from sipas.account.guard import (
    code_verdict,
    cost,
    leave,
    let_in,
    open_session,
    password_verdict,
)
from sipas.door import actions as door
from sipas.door import queries
from sipas.door.models import Account, SignIn
from sipas.door.rules import Gate, normalised
from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.staff import guard
from sipas.staff.guard import current_sign_in, current_staff, needs, needs_recent_proof
from sipas.staff.queries import office
from sipas.staff.rules import Permission
from sipas.web import kept
from sipas.web.forms import ButtonForm, pressed
from sipas.web.request_db import get_db

bp = guard.staff_blueprint("account", __name__, url_prefix="")


@bp.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and guard.signed_in():
        return redirect(_way_on(), 303)
    form = SignInForm()
    account = _name_and_password_right(form) if form.validate_on_submit() else None
    if account is None:
        return _shown("sign_in", form)

    found, by = open_session(account)
    if account.has_factor:
        get_db().commit()
        return _to_second_step(form)
    let_in(found, by)
    return _go_on(form)


@bp.route("/dang-nhap/buoc-hai", methods=["GET", "POST"])
@needs(Permission.HOME, even_at=Gate.SECOND_STEP)
def second_step() -> ResponseReturnValue:
    if guard.signed_in():
        return redirect(_way_on(), 303)
    form = CodeForm()
    found = current_sign_in()
    if not form.validate_on_submit() or not _code_right(form, form.code, found):
        return _shown("second_step", form)
    let_in(found, current_staff())
    return _go_on(form)


@bp.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    if guard.visitor():
        pressed()
        leave()
        get_db().commit()
        guard.sign_out()
        guard.tell(_("Đã đăng xuất."))
    response = make_response(redirect(url_for(".sign_in"), 303))
    # "storage" stays: a kiosk in the same browser may hold answers that are still to be sent.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.route("/xac-nhan", methods=["GET", "POST"])
@needs(Permission.HOME, even_at=Gate.SET_UP)
def prove() -> ResponseReturnValue:
    """The password again, before a sensitive deed; what the deed's form held is carried along."""
    found = current_sign_in()
    form = ProveForm()
    if not found.account.has_factor:
        del form.proof_code
    if not form.validate_on_submit() or not _proven(form, found):
        return _shown("prove", form)

    token = door.renew(get_db(), found, now=clock.now())
    get_db().commit()
    guard.renew(token)
    return _go_on(form)


@bp.get("/tai-khoan")
@needs(Permission.HOME)
def own() -> ResponseReturnValue:
    db = get_db()
    found = current_sign_in()
    return render_template(
        "account/own.html",
        staff=current_staff(),
        account=found.account,
        this=found,
        sign_ins=queries.open_sign_ins(db, found.account_id, now=clock.now()),
        codes_left=len(queries.unused_recovery_codes(db, found.account_id)),
        form=ButtonForm(),
    )


@bp.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@needs(Permission.HOME, even_at=Gate.PASSWORD)
def password() -> ResponseReturnValue:
    found = current_sign_in()
    form = PasswordForm()
    if (
        not form.validate_on_submit()
        or not _new_password_fit(form, found.account)
        or not _own_password_right(form, form.old_password, found.account)
    ):
        must_change = found.account.must_change_password
        return _shown("password", form, must_change=must_change)

    get_db().commit()  # others may write while the hash is made
    hashed = queries.hash_password(str(form.new_password.data), cost())
    now = clock.now()
    actions.change_password(get_db(), found, hashed, by=current_staff(), now=now)
    token = door.renew(get_db(), found, now=now)
    get_db().commit()
    guard.renew(token)
    guard.tell(_("Đã đổi mật khẩu. Mọi phiên đăng nhập khác đã kết thúc."))
    return redirect(url_for("office_staff.home"), 303)


@bp.route("/tai-khoan/xac-thuc", methods=["GET", "POST"])
@needs(Permission.HOME, even_at=Gate.SET_UP)
@needs_recent_proof
def factor() -> ResponseReturnValue:
    """Show the secret, and take it once the app proves that it has it."""
    found = current_sign_in()
    form = FactorForm()
    step = _step_proven(form, found)
    if step is None:
        return _shown(
            "factor",
            form,
            secret=labels.in_groups(found.offered_secret),
            has_factor=found.account.has_factor,
            required=current_staff().needs_second_factor,
        )

    codes, hashes = _drawn_codes()
    now = clock.now()
    staff = current_staff()
    actions.add_factor(get_db(), found, step=step, by=staff, now=now)
    door.renew_codes(get_db(), found.account, hashes, by=staff.actor, now=now)
    token = door.renew(get_db(), found, now=now)
    get_db().commit()
    guard.renew(token)
    return _codes_shown(codes)


@bp.get("/tai-khoan/xac-thuc.svg")
@needs(Permission.HOME, even_at=Gate.SET_UP)
@needs_recent_proof
def factor_picture() -> ResponseReturnValue:
    """The secret for the phone's camera: for this session alone, and stored nowhere."""
    found = current_sign_in()
    shown = office(get_db())
    issuer = shown.name if shown else "SIPAS"
    picture = qr.svg(found.offered_secret, name=found.account.name, issuer=issuer)
    return Response(picture, mimetype="image/svg+xml")


@bp.post("/tai-khoan/xac-thuc/tat")
@needs(Permission.HOME)
@needs_recent_proof
def remove_factor() -> ResponseReturnValue:
    pressed()
    actions.remove_factor(get_db(), current_sign_in(), by=current_staff(), now=clock.now())
    get_db().commit()
    guard.tell(_("Đã tắt xác thực hai lớp."))
    return redirect(url_for(".own"), 303)


@bp.post("/tai-khoan/ma-du-phong")
@needs(Permission.HOME)
@needs_recent_proof
def renew_codes() -> ResponseReturnValue:
    pressed()
    codes, hashes = _drawn_codes()
    account = current_sign_in().account
    if not account.has_factor:
        raise RuleError(_("Bật xác thực hai lớp trước, rồi mới có mã dự phòng."))
    by = current_staff().actor
    door.renew_codes(get_db(), account, hashes, by=by, now=clock.now())
    get_db().commit()
    return _codes_shown(codes)


@bp.post("/tai-khoan/phien/<int:sign_in_id>/ket-thuc")
@needs(Permission.HOME)
def end_session(sign_in_id: int) -> ResponseReturnValue:
    pressed()
    staff = current_staff()
    door.end_session(get_db(), staff.account_id, sign_in_id, by=staff.actor, now=clock.now())
    get_db().commit()
    guard.tell(_("Đã đăng xuất phiên đó."))
    return redirect(url_for(".own"), 303)


@bp.post("/tai-khoan/phien/ket-thuc-khac")
@needs(Permission.HOME)
def end_other_sessions() -> ResponseReturnValue:
    pressed()
    found, by = current_sign_in(), current_staff().actor
    ended = door.end_sessions(get_db(), found.account_id, by=by, now=clock.now(), but=found)
    get_db().commit()
    guard.tell(_("Đã đăng xuất %(n)d phiên khác.", n=ended))
    return redirect(url_for(".own"), 303)


def _shown(name: str, form: TriedForm, **values: object) -> Response:
    page = render_template(f"account/{name}.html", form=form, way=kept.way(), **values)
    response = make_response(page, form.status)
    if form.waits_until:
        seconds = (form.waits_until - clock.now()).total_seconds()
        response.headers["Retry-After"] = str(max(1, round(seconds)))
    return response


def _codes_shown(codes: Iterable[str]) -> ResponseReturnValue:
    """The answer itself shows the codes: on the way to another page they would lie somewhere."""
    return render_template("account/codes.html", codes=[labels.in_groups(code) for code in codes])


def _way_on() -> str:
    return guard.way_on(url_for("office_staff.home"))


def _go_on(form: DoorForm) -> ResponseReturnValue:
    """To the page that was asked for; a form that was meant for it is offered for sending."""
    if form.carried is not None:
        return render_template("account/resume.html", way=_way_on(), fields=form.carried)
    return redirect(_way_on(), 303)


def _to_second_step(form: DoorForm) -> ResponseReturnValue:
    if form.carried is not None:
        step = CodeForm(formdata=None, kept=form.kept.data)
        return render_template("account/second_step.html", form=step, way=kept.way())
    return redirect(url_for(".second_step", **kept.way()), 303)


def _name_and_password_right(form: SignInForm) -> Account | None:
    account = queries.account_by_name(get_db(), str(form.name.data))
    verdict = password_verdict(account, name=str(form.name.data), password=str(form.password.data))
    wrong = _("Tên đăng nhập hoặc mật khẩu không đúng.")
    return account if form.accepts(form.password, verdict, wrong=wrong) else None


def _own_password_right(form: TriedForm, field: Field, account: Account) -> bool:
    verdict = password_verdict(account, name=account.name, password=field.data)
    return form.accepts(field, verdict, wrong=_("Mật khẩu không đúng."))


def _code_right(form: TriedForm, field: Field, found: SignIn) -> bool:
    verdict = code_verdict(found, field.data, by=current_staff().actor)
    wrong = _("Mã không đúng hoặc đã dùng. Chờ ứng dụng hiện mã mới rồi điền lại.")
    return form.accepts(field, verdict, wrong=wrong)


def _proven(form: ProveForm, found: SignIn) -> bool:
    if not _own_password_right(form, form.proof_password, found.account):
        return False
    return not found.account.has_factor or _code_right(form, form.proof_code, found)


def _new_password_fit(form: PasswordForm, account: Account) -> bool:
    """Long enough, hard to guess, and another than the one in use."""
    weak = queries.password_weakness(str(form.new_password.data), own=_own_words(account))
    if weak:
        form.refuse(form.new_password, labels.weakness_words(weak))
    elif normalised(str(form.new_password.data)) == normalised(str(form.old_password.data)):
        form.refuse(form.new_password, _("Mật khẩu mới phải khác mật khẩu đang dùng."))
    return not form.new_password.errors


def _own_words(account: Account) -> list[str]:
    """What somebody who knows the person would try first."""
    staff, here = current_staff(), office(get_db())
    return [account.name, staff.name, staff.unit_name, *([here.name, here.domain] if here else [])]


def _step_proven(form: FactorForm, found: SignIn) -> int | None:
    """The time step of a right first code; None until one is sent."""
    if not form.validate_on_submit():
        return None
    step = queries.accepted_step(found.offered_secret, str(form.code.data), now=clock.now())
    if step is None:
        form.refuse(
            form.code,
            _("Mã không đúng. Xem lại giờ của điện thoại rồi điền mã ứng dụng đang hiện."),
        )
    return step


def _drawn_codes() -> tuple[list[str], list[str]]:
    """New recovery codes and their hashes, made while nobody waits for a turn to write."""
    get_db().rollback()
    codes = door.draw_recovery_codes()
    return codes, [queries.hash_password(code, cost()) for code in codes]
