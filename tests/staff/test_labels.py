"""Every choice has its word, so that no page fails for a new one."""

import pytest

from sipas.staff import labels
from sipas.staff.rules import Permission, Role, UnitKind


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (labels.ROLES, Role),
        (labels.UNIT_KINDS, UnitKind),
        (labels.PERMISSIONS, Permission),
    ],
)
def test_every_choice_has_its_word(words, choices):
    assert set(words) == set(choices)
    assert len({str(word) for word in words.values()}) == len(words)


def test_roles_are_named_together():
    assert labels.role_names([Role.OFFICER, Role.PUBLISHER]) == "Chuyên viên, Người đăng tin"
    assert labels.role_names([]) == ""
