"""Settings that would do harm stop the program in one line, and no line holds a value."""

import stat

import pytest

from sipas.settings import Settings, SettingsError, load
from tests.writers import at_once, keep_secret

STRONG = "b9Jx2mQ7tR5vW8yZ3cF6hK1nP4sU0aDe"


@pytest.fixture
def environ(monkeypatch, tmp_path):
    """The variables of a production that may start; a test changes some."""
    kept = {
        "SIPAS_ENV": "production",
        "SIPAS_SECRET": STRONG,
        "SIPAS_ADDRESS": "https://gopy.anbinh.gov.vn",
        "SIPAS_DATA": str(tmp_path),
    }

    def change(**changes):
        kept.update(changes)
        for name, value in kept.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return {name: value for name, value in kept.items() if value is not None}

    return change


def refusal(environ) -> str:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return str(refused.value)


def test_a_production_with_a_strong_secret_and_https_starts(environ):
    assert load(environ()).is_production


def test_a_misspelt_variable_is_refused_with_the_likely_one(environ):
    said = refusal(environ(SIPAS_DATABSE="sqlite:///x.db"))

    assert said == "Không có biến SIPAS_DATABSE. Có phải ý là SIPAS_DATABASE?"


def test_a_variable_like_no_other_is_refused_without_a_guess(environ):
    assert refusal(environ(SIPAS_QQQQ="1")) == "Không có biến SIPAS_QQQQ."


@pytest.mark.parametrize("secret", [None, "", "ngan", "a" * 40, "abcabcabc" * 5])
def test_a_missing_or_weak_secret_stops_production(environ, secret):
    said = refusal(environ(SIPAS_SECRET=secret))

    assert said == "SIPAS_SECRET thiếu hoặc yếu: cần ít nhất 32 ký tự ngẫu nhiên."


def test_a_production_makes_no_secret_of_its_own(environ, tmp_path):
    refusal(environ(SIPAS_SECRET=None))

    assert list(tmp_path.iterdir()) == []


def test_production_needs_https(environ):
    assert "https://" in refusal(environ(SIPAS_ADDRESS="http://gopy.anbinh.gov.vn"))


@pytest.mark.parametrize(
    "changes",
    [
        {"SIPAS_SECRET": "hunter2-is-too-weak"},
        {"SIPAS_PORT": "hunter2"},
        {"SIPAS_MAIL_PASSWORD": "hunter2", "SIPAS_WORKERS": "none"},
        {"SIPAS_SECRET_FIEL": "hunter2"},
    ],
)
def test_no_refusal_shows_a_value(environ, changes):
    assert "hunter2" not in refusal(environ(**changes))


def test_a_printed_setting_shows_no_secret(environ):
    settings = load(environ(SIPAS_MAIL_PASSWORD="hunter2", SIPAS_SECRET_OLD="hunter2"))

    assert "hunter2" not in repr(settings)
    assert STRONG not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SIPAS_SURFACES": "public,admin"}, "SIPAS_SURFACES"),
        ({"SIPAS_CLOCK": "+60"}, "SIPAS_CLOCK"),
        ({"SIPAS_WORKERS": "2"}, "SIPAS_WORKERS"),
    ],
)
def test_what_cannot_be_served_is_named(environ, changes, named):
    assert named in refusal(environ(**changes))


def test_an_embedded_installation_keeps_its_secret_for_itself(tmp_path):
    first = Settings(data=tmp_path).secret_text
    second = Settings(data=tmp_path).secret_text

    assert first == second
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_processes_that_start_at_once_share_one_secret(tmp_path):
    at_once(4, keep_secret, str(tmp_path))

    seen = {path.read_text() for path in tmp_path.glob("seen-*")}
    assert seen == {(tmp_path / "secret").read_text()}
    assert not list(tmp_path.glob(".secret*"))


def test_each_purpose_has_a_key_of_its_own():
    settings = Settings(secret=STRONG)

    assert settings.key("cookie") != settings.key("ledger anchor")
