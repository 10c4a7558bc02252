"""The three errors, and the few of the web itself, as pages that say what happened and what now."""

from dataclasses import dataclass, field

from flask import Flask, Response, make_response, render_template, request
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest, HTTPException, SecurityError

from sipas.errors import NotAllowedError, NotFoundError, RuleError
from sipas.i18n import gettext as _
from sipas.web.headers import is_staff_side

RETRY_SECONDS = "20"


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error page says."""

    status: int
    heading: str
    sentences: list[str]
    ways: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kept(self) -> str | None:
        """A page that was sent must say what became of what was typed."""
        if request.method == "GET":
            return None
        return _(
            "Nội dung vừa gửi chưa được ghi nhận. "
            "Bấm nút quay lại của trình duyệt để lấy lại những gì đã viết."
        )


def init_app(app: Flask) -> None:
    app.register_error_handler(NotFoundError, lambda _error: show(not_found()))
    app.register_error_handler(NotAllowedError, lambda _error: show(not_allowed()))
    app.register_error_handler(RuleError, _refused)
    app.register_error_handler(DBAPIError, _database_away)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(ParseException, lambda _error: _of_the_web(BadRequest()))
    app.register_error_handler(HTTPException, _of_the_web)


def show(problem: Problem) -> Response:
    template = "web/error_staff.html" if is_staff_side() else "web/error.html"
    response = make_response(
        render_template(
            template,
            heading=problem.heading,
            sentences=problem.sentences,
            ways=problem.ways or _ways_on(),
            kept=problem.kept,
        ),
        problem.status,
    )
    if problem.status in {429, 503}:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def not_found() -> Problem:
    return Problem(
        404,
        _("Không tìm thấy trang này"),
        [_("Kiểm tra địa chỉ, hoặc quét lại mã trên tờ giấy tại quầy.")],
    )


def not_allowed() -> Problem:
    return Problem(
        403,
        _("Không được phép làm việc này"),
        [_("Việc này cần quyền khác, hoặc được gửi từ một trang lạ.")],
    )


def _ways_on() -> list[tuple[str, str]]:
    if is_staff_side():
        return [(_("Về trang đầu nội bộ"), "/noi-bo/")]
    return [(_("Về trang đầu"), "/")]


def _refused(error: RuleError) -> Response:
    return show(Problem(409, _("Chưa làm được"), [error.message]))


def _database_away(error: DBAPIError) -> Response:
    """Locked, full or gone: nothing was stored, and saying so is all that can be done."""
    if not is_passing(error):
        raise error
    return show(
        Problem(503, _("Có lỗi ở phía chúng tôi"), [_("Máy chủ đang bận. Thử lại sau ít phút.")])
    )


def is_passing(error: DBAPIError) -> bool:
    """Is it the database's state of the moment, and not a mistake in the program?"""
    return type(error).__name__ == "OperationalError"


def _foreign_host(_error: SecurityError) -> Response:
    """Asked under a name that is not ours: no page, since no address of ours can be drawn."""
    return Response(_("Địa chỉ này không thuộc về chúng tôi."), 400, mimetype="text/plain")


def _of_the_web(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 -- a redirect is no error
        return Response(error.get_response().data, code, dict(error.get_response().headers))
    named = {
        400: (_("Yêu cầu không đúng dạng"), _("Tải lại trang rồi gửi lần nữa.")),
        405: (_("Không mở được địa chỉ này"), _("Địa chỉ này chỉ nhận nội dung được gửi lên.")),
        413: (_("Nội dung quá lớn"), _("Rút ngắn nội dung hoặc chọn tệp nhỏ hơn rồi gửi lại.")),
        429: (_("Đã gửi nhiều lần"), _("Chờ ít phút rồi thử lại.")),
    }
    if code == 404:  # noqa: PLR2004 -- the web's own word for it
        return show(not_found())
    if code >= 500:  # noqa: PLR2004 -- ours, whatever it was
        return show(Problem(code, _("Có lỗi ở phía chúng tôi"), [_("Lỗi đã được ghi lại để sửa.")]))
    heading, sentence = named.get(code, named[400])
    return show(Problem(code, heading, [sentence]))
