"""The base form: our words for WTForms, clean text in, and which status a shown form has."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, StopValidation

from sipas.errors import RuleError
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.web import language

LONGEST_LINE = 200
LONGEST_TEXT = 4000

# What WTForms and Flask-WTF would say in English. A house test keeps the list complete.
WORDS: Mapping[str, Any] = {
    "Invalid field name '%s'.": _l("Không có ô tên '%s'."),
    "Field must be equal to %(other_name)s.": _l("Hai ô này phải giống nhau."),
    "Field must be at least %(min)d character long.": _l("Viết ít nhất %(min)d ký tự."),
    "Field must be at least %(min)d characters long.": _l("Viết ít nhất %(min)d ký tự."),
    "Field cannot be longer than %(max)d character.": _l("Viết nhiều nhất %(max)d ký tự."),
    "Field cannot be longer than %(max)d characters.": _l("Viết nhiều nhất %(max)d ký tự."),
    "Field must be exactly %(max)d character long.": _l("Viết đúng %(max)d ký tự."),
    "Field must be exactly %(max)d characters long.": _l("Viết đúng %(max)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Viết từ %(min)d đến %(max)d ký tự."
    ),
    "Number must be at least %(min)s.": _l("Số phải từ %(min)s trở lên."),
    "Number must be at most %(max)s.": _l("Số phải từ %(max)s trở xuống."),
    "Number must be between %(min)s and %(max)s.": _l("Số phải từ %(min)s đến %(max)s."),
    "Date must be at least %(min)s.": _l("Ngày phải từ %(min)s trở đi."),
    "Date must be at most %(max)s.": _l("Ngày phải từ %(max)s trở về trước."),
    "Date must be between %(min)s and %(max)s.": _l("Ngày phải từ %(min)s đến %(max)s."),
    "This field is required.": _l("Điền vào ô này."),
    "Invalid input.": _l("Nội dung này không dùng được."),
    "Invalid email address.": _l("Địa chỉ thư điện tử cần có dạng ten@donvi.gov.vn."),
    "Invalid IP address.": _l("Địa chỉ mạng không đúng dạng."),
    "Invalid Mac address.": _l("Địa chỉ máy không đúng dạng."),
    "Invalid URL.": _l("Địa chỉ trang không đúng dạng."),
    "Invalid UUID.": _l("Mã không đúng dạng."),
    "Invalid value, must be one of: %(values)s.": _l("Chọn một trong: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": _l("Không được dùng: %(values)s."),
    "This field cannot be edited.": _l("Ô này không sửa được."),
    "This field is disabled and cannot have a value.": _l("Ô này đang khóa."),
    "Invalid CSRF Token.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "CSRF token missing.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "CSRF failed.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "CSRF token expired.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "Invalid Choice: could not coerce.": _l("Chọn một mục trong danh sách."),
    "Choices cannot be None.": _l("Danh sách này chưa có mục nào."),
    "Not a valid choice.": _l("Chọn một mục trong danh sách."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l(
        "Chọn các mục trong danh sách."
    ),
    "'%(value)s' is not a valid choice for this field.": _l("Chọn một mục trong danh sách."),
    "'%(value)s' are not valid choices for this field.": _l("Chọn các mục trong danh sách."),
    "Not a valid datetime value.": _l("Viết ngày và giờ, ví dụ 20/11/2026 14:05."),
    "Not a valid date value.": _l("Viết ngày, ví dụ 20/11/2026."),
    "Not a valid time value.": _l("Viết giờ, ví dụ 14:05."),
    "Not a valid week value.": _l("Chọn một tuần."),
    "Not a valid integer value.": _l("Viết một số nguyên."),
    "Not a valid decimal value.": _l("Viết một số."),
    "Not a valid float value.": _l("Viết một số."),
    # Flask-WTF's own
    "The CSRF token is missing.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "The CSRF session token is missing.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "The CSRF token has expired.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "The CSRF token is invalid.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
    "The CSRF tokens do not match.": _l("Trang đã mở quá lâu. Bấm gửi một lần nữa."),
}


class _OurWords:
    """What WTForms asks for a translation: it gets Vietnamese, or the language spoken."""

    def gettext(self, message: str) -> str:
        return str(WORDS.get(message, message))

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.gettext(one if count == 1 else many)


class BaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """What every form shares; a form hands on plain typed values."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF ships no types
        words: ClassVar[_OurWords] = _OurWords()

        def get_translations(self, _form: object) -> _OurWords:
            return self.words

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Sent, and fit to act on. A change of language only shows the form again."""
        if language.switched():
            return False
        return bool(super().validate_on_submit(extra_validators))

    @property
    def status(self) -> int:
        """422 for a form sent with mistakes, 200 for one only shown."""
        return 422 if self.is_submitted() and not language.switched() else 200

    def refuse(self, field: Field, message: str) -> None:
        """Put what an action refused beside the field it is about."""
        field.errors = [*field.errors, message]


class CitizenForm(BaseForm):
    """A citizen's form needs no cookie, so it carries no token of a session."""

    class Meta(BaseForm.Meta):
        csrf = False


class ButtonForm(BaseForm):
    """A form that is only a button: it proves where the click came from."""


def pressed() -> None:
    """Go on only after a click on a page of this very session."""
    if not ButtonForm().validate_on_submit():
        raise RuleError(_("Trang đã mở quá lâu. Tải lại trang rồi bấm lần nữa."))


def clean(text: str | None) -> str | None:
    """Text as it is stored: composed (NFC), without control characters, trimmed."""
    if text is None:
        return None
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (sign for sign in composed if sign in "\n\t" or not _is_hidden(sign))
    return "".join(kept).strip()


def _is_hidden(sign: str) -> bool:
    """Control characters, lone surrogates, and what turns the direction of the text around."""
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in _TURNS


_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class _CleanText(Field):
    def process_formdata(self, valuelist: Iterable[str]) -> None:
        super().process_formdata(list(valuelist))
        self.data = clean(self.data)


class LineField(_CleanText, StringField):
    """One line of text, as it will be stored."""


class LinesField(_CleanText, TextAreaField):
    """Several lines of text, as they will be stored."""


class MailField(_CleanText, EmailField):
    """A mail address, as it will be stored."""


class _Filled(InputRequired):
    """Text is judged as it will be stored: spaces alone are nothing."""

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(field, _CleanText) and not field.data:
            raise StopValidation(str(self.message))
        super().__call__(form, field)


def required(message: Any) -> InputRequired:
    """The field must be filled; the message says what to write there."""
    return _Filled(message)


def at_most(limit: int) -> Callable[[BaseForm, Field], None]:
    """No longer than this, and how much to cut: people need the number."""

    def check(_form: BaseForm, field: Field) -> None:
        over = len(field.data or "") - limit
        if over > 0:
            raise ValidationError(
                _("Dài quá %(limit)d ký tự. Rút ngắn %(over)d ký tự.", limit=limit, over=over)
            )

    return check


__all__ = [
    "LONGEST_LINE",
    "LONGEST_TEXT",
    "BaseForm",
    "ButtonForm",
    "CitizenForm",
    "LineField",
    "LinesField",
    "MailField",
    "at_most",
    "clean",
    "pressed",
    "required",
]
