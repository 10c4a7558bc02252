"""Words about passwords and codes."""

from sipas.door.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD, Weakness
from sipas.i18n import gettext as _


def weakness_words(weakness: Weakness) -> str:
    """Why a password is refused, and what would do."""
    return {
        Weakness.SHORT: _(
            "Mật khẩu quá ngắn. Đặt ít nhất %(n)d ký tự, ví dụ bốn từ không liên quan với nhau.",
            n=SHORTEST_PASSWORD,
        ),
        Weakness.LONG: _("Mật khẩu dài quá %(n)d ký tự. Rút ngắn lại.", n=LONGEST_PASSWORD),
        Weakness.MONOTONOUS: _(
            "Mật khẩu lặp đi lặp lại vài ký tự nên dễ đoán. Dùng nhiều ký tự khác nhau hơn."
        ),
        Weakness.GUESSABLE: _(
            "Mật khẩu này dễ đoán: chỉ gồm từ thông dụng, tên tỉnh, năm hoặc dãy phím liền nhau. "
            "Thêm vài từ mà người khác không nghĩ tới."
        ),
        Weakness.PERSONAL: _(
            "Mật khẩu này dễ đoán: chỉ gồm tên của Ông/Bà, tên đơn vị hoặc cơ quan. "
            "Thêm vài từ mà người khác không nghĩ tới."
        ),
    }[weakness]


def in_groups(text: str) -> str:
    """Four signs at a time, as people read and type them."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
