"""Addresses: each is public by name or guarded; none that was printed disappears."""

from pathlib import Path

from sipas.staff.guard import GUARD
from sipas.staff.rules import Permission

KEPT = Path(__file__).with_name("routes.txt")
PUBLIC_BLUEPRINTS = {"office", "survey", "health"}
# Pages of the back office that must open before anyone is signed in.
OPEN_DOORS = {"account_staff.sign_in", "account_staff.sign_out"}


def staff_rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/noi-bo")]


def test_every_address_is_public_by_name_or_guarded(app):
    unguarded = {
        rule.endpoint
        for rule in staff_rules(app)
        if not hasattr(app.view_functions[rule.endpoint], GUARD)
    }

    assert unguarded == OPEN_DOORS


def test_an_address_outside_the_back_office_belongs_to_a_public_part(app):
    strays = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith("/noi-bo")
        and rule.endpoint != "static"
        and rule.endpoint.split(".")[0] not in PUBLIC_BLUEPRINTS
    ]

    assert strays == []


def test_every_guard_names_a_permission_that_exists(app):
    named = {getattr(app.view_functions[rule.endpoint], GUARD, None) for rule in staff_rules(app)}

    assert named - {None} <= set(Permission)


def test_no_address_that_was_once_given_out_disappears(app):
    now = {rule.rule for rule in app.url_map.iter_rules()}

    assert set(KEPT.read_text().split()) - now == set()


def test_every_address_is_on_the_list(app):
    now = {rule.rule for rule in app.url_map.iter_rules()}

    assert now - set(KEPT.read_text().split()) == set()
