"""The forms of the first day."""

import re

from flask_wtf.file import FileField, FileSize
from wtforms import ValidationError

from sipas.first_day.rules import EMBLEM_UPLOAD, UNITS_AT_ONCE, OfficeWords
from sipas.i18n import gettext as _
from sipas.i18n import lazy_gettext as _l
from sipas.web.forms import LONGEST_LINE, BaseForm, LineField, LinesField, at_most, required

LONGEST_DOMAIN = 100
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)
_PHONE = re.compile(r"[0-9 .+]{6,40}")


class OfficeForm(BaseForm):
    """How the office is called and reached."""

    name = LineField(_l("Tên cơ quan"), [required(_l("Viết tên cơ quan.")), at_most(200)])
    place = LineField(
        _l("Nơi người dân đến"), [required(_l("Viết nơi người dân đến.")), at_most(200)]
    )
    phone = LineField(_l("Điện thoại hỗ trợ"), [required(_l("Viết số điện thoại hỗ trợ."))])
    domain = LineField(_l("Tên miền chính thức"), [required(_l("Viết tên miền của cơ quan."))])

    def words(self) -> OfficeWords:
        return OfficeWords(
            self.name.data or "",
            self.place.data or "",
            self.phone.data or "",
            self.domain.data or "",
        )

    def validate_phone(self, field: LineField) -> None:
        if not _PHONE.fullmatch(field.data or ""):
            raise ValidationError(_("Số điện thoại chỉ gồm chữ số, dấu cách, dấu chấm, dấu cộng."))

    def validate_domain(self, field: LineField) -> None:
        if not _DOMAIN.fullmatch(field.data or "") or len(field.data or "") > LONGEST_DOMAIN:
            raise ValidationError(_("Viết tên miền, ví dụ anbinh.gov.vn."))


class EmblemForm(BaseForm):
    """The picture that stands beside the office's name."""

    picture = FileField(
        _l("Tệp ảnh"),
        [
            required(_l("Chọn một tệp ảnh PNG hoặc JPEG.")),
            FileSize(max_size=EMBLEM_UPLOAD, message=_l("Ảnh lớn quá 2 MB. Chọn ảnh nhỏ hơn.")),
        ],
    )

    def content(self) -> bytes:
        return bytes(self.picture.data.read())


class UnitsForm(BaseForm):
    """The divisions, one a line, as they stand in a document."""

    names = LinesField(_l("Tên các đơn vị, mỗi dòng một đơn vị"), [at_most(6000)])

    def validate_names(self, field: LinesField) -> None:
        names = lines_of(field.data)
        if not names:
            raise ValidationError(_("Viết tên ít nhất một đơn vị."))
        if len(names) > UNITS_AT_ONCE:
            raise ValidationError(
                _("Nhiều nhất %(most)d đơn vị một lần; phần còn lại thêm sau.", most=UNITS_AT_ONCE)
            )
        long = next((name for name in names if len(name) > LONGEST_LINE), None)
        if long:
            raise ValidationError(_("Tên “%(start)s…” dài quá 200 ký tự.", start=long[:30]))

    def lines(self) -> list[str]:
        return lines_of(self.names.data)


def lines_of(text: str | None) -> list[str]:
    """Each line once, in the order given, without empty ones."""
    found = (" ".join(line.split()) for line in (text or "").splitlines())
    return list(dict.fromkeys(line for line in found if line))
