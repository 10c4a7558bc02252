"""What a citizen's page sends: a rating, and afterwards reasons and a remark."""

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import request
from wtforms import HiddenField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.survey.rules import LEVELS, LONGEST_REMARK
from sipas.web.forms import CitizenForm, LinesField, at_most
from sipas.web.language import FIELD

_ONE_DIGIT = frozenset(map(str, LEVELS))


class ExactForm(CitizenForm):
    """Takes what our page sends and nothing besides: each field that it has, each once."""

    listed: ClassVar[frozenset[str]] = frozenset()

    def validate(self, extra_validators: Any = None) -> bool:
        foreign = set(request.form) - {*self._fields, FIELD}
        repeated = [
            name
            for name in request.form
            if name not in self.listed and len(request.form.getlist(name)) > 1
        ]
        if foreign or repeated:
            self.form_errors.append(_("Nội dung gửi lên không đúng với trang này."))
            return False
        return bool(super().validate(extra_validators))

    def sentences(self) -> list[str]:
        """All that is wrong, for a page that has no fields to put it beside."""
        return [error for found in self.errors.values() for error in found]


class RatingForm(ExactForm):
    """One level. `phieu` is the name under which the form was handed out."""

    phieu = HiddenField()
    muc = HiddenField()

    def validate_muc(self, field: HiddenField) -> None:
        if field.data not in _ONE_DIGIT:
            raise ValidationError(_("Chạm một trong năm ô để trả lời."))

    def level(self) -> int:
        return int(self.muc.data or 0)


class MoreForm(RatingForm):
    """Why, and in one's own words. Nothing of it is required."""

    listed = frozenset({"ly_do"})

    ly_do = SelectMultipleField()
    y_kien = LinesField(_l("Ý kiến khác (không bắt buộc)"), [at_most(LONGEST_REMARK)])

    @classmethod
    def offering(cls, codes: Iterable[str]) -> "MoreForm":
        """As it was sent; only the reasons of its version can be chosen."""
        form = cls()
        form.ly_do.choices = [SelectChoice(code, code) for code in codes]
        return form

    def validate_ly_do(self, field: SelectMultipleField) -> None:
        chosen = field.data or []
        if len(set(chosen)) < len(chosen):
            raise ValidationError(_("Mỗi lý do chỉ chọn một lần."))

    def reasons(self) -> list[str]:
        return list(self.ly_do.data or [])

    def remark(self) -> str:
        return self.y_kien.data or ""
