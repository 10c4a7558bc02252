"""Letters handed to a real mail server, and laid into a folder."""

import pytest

from sipas.mailroom.delivery import FolderDelivery, SmtpDelivery, delivery, message_of
from sipas.mailroom.models import Notice
from sipas.mailroom.rules import DeliveryError, Setback
from sipas.settings import Settings
from tests.conftest import NOW
from tests.running import free_port

NAME = "<notice-7-1795140000@gopy.anbinh.gov.vn>"


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data=tmp_path,
        address="https://gopy.anbinh.gov.vn",
        mail_from="Sở Tư pháp tỉnh An Bình <gopy@anbinh.gov.vn>",
    )


def notice(to="hoa@anbinh.gov.vn", subject="Đã nhận ý kiến của bà Hoa", body="Kính gửi Bà\n"):
    return Notice(id=7, to=to, subject=subject, body=body, posted_at=NOW)


def through(sink, settings, **changes):
    port = {"mail_host": "127.0.0.1", "mail_port": sink.port, **changes}
    return SmtpDelivery(settings.model_copy(update=port))


def setback_of(way, letter):
    with pytest.raises(DeliveryError) as refused:
        way.send(letter)
    return refused.value


def test_vietnamese_arrives_as_it_was_written(sink, settings):
    through(sink, settings).send(notice())

    [letter] = sink.letters
    assert letter["Subject"] == "Đã nhận ý kiến của bà Hoa"
    assert letter["From"] == "Sở Tư pháp tỉnh An Bình <gopy@anbinh.gov.vn>"
    assert letter["To"] == "hoa@anbinh.gov.vn"
    assert letter.get_content() == "Kính gửi Bà\r\n"


def test_a_letter_sent_twice_carries_the_same_name(sink, settings):
    through(sink, settings).send(notice())
    through(sink, settings).send(notice())

    assert sink.names == [NAME, NAME]


@pytest.mark.parametrize(
    "letter",
    [
        notice(to="hoa@anbinh.gov.vn\nBcc: ai@khac.vn"),
        notice(to="hoa@anbinh.gov.vn, ai@khac.vn"),
        notice(to="không phải địa chỉ"),
        notice(to=""),
        notice(subject="Thư\r\nBcc: ai@khac.vn"),
    ],
    ids=["line break", "two people", "no address", "nobody", "line break in the subject"],
)
def test_a_letter_cannot_carry_headers_of_its_own(letter, settings):
    with pytest.raises(DeliveryError) as refused:
        message_of(letter, settings)

    assert refused.value.setback is Setback.REFUSED


@pytest.mark.parametrize(
    ("answer", "setback"),
    [("550 no such person", Setback.REFUSED), ("450 mailbox is full", Setback.DEFERRED)],
)
def test_what_the_server_answers_decides_whether_to_try_again(sink, settings, answer, setback):
    sink.answers["hoa@anbinh.gov.vn"] = answer

    error = setback_of(through(sink, settings), notice())

    assert (error.setback, error.detail) == (setback, answer[:3])


def test_a_server_that_refuses_the_sender_costs_no_letter(sink, settings):
    sink.answers["gopy@anbinh.gov.vn"] = "550 who are you"

    assert setback_of(through(sink, settings), notice()).setback is Setback.UNREACHABLE


def test_a_server_that_is_down_is_unreachable(settings):
    way = SmtpDelivery(
        settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": free_port()})
    )

    assert setback_of(way, notice()).setback is Setback.UNREACHABLE


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(sink, settings):
    way = through(sink, settings, mail_security="starttls")

    assert setback_of(way, notice()).setback is Setback.UNREACHABLE
    assert sink.letters == []


def test_a_server_that_speaks_no_tls_is_unreachable(sink, settings):
    way = through(sink, settings, mail_security="tls")

    assert setback_of(way, notice()).setback is Setback.UNREACHABLE


def test_without_a_mail_server_letters_are_laid_into_the_folder(settings):
    delivery(settings).send(notice())
    delivery(settings).send(notice())

    [path] = (settings.data / "mail").iterdir()
    assert path.name == "00000007.eml"
    assert FolderDelivery(settings).read(7).get_content() == "Kính gửi Bà\r\n"
    assert FolderDelivery(settings).read(8) is None


def test_a_folder_that_cannot_be_written_is_unreachable(settings):
    (settings.data / "mail").write_text("a file where the folder should be")

    assert setback_of(delivery(settings), notice()).setback is Setback.UNREACHABLE
