"""A mail as machines and threads understand it, against a real SMTP server."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import UUID

import pytest

from notifications.channels import mail
from tests.mailserver import MailServer, free_port, running

ROW = UUID(int=7)


def a_mail(
    to: str = "fm-7@example.org", subject: str = "Fall C-1: Verlängerung", thread: str | None = None
) -> EmailMessage:
    return mail.message(ROW, to, subject, "Guten Tag,\n", "<p>Guten Tag,</p>", "jobcenter.example", thread)


def test_it_arrives_with_everything_a_machine_asks_for(mail_server: MailServer) -> None:
    server = mail.server(mail_server.url)
    mail.send(server, a_mail(thread="case"))
    (arrived,) = mail_server.mails
    assert mail_server.recipients == ["fm-7@example.org"]
    assert arrived["Subject"] == "Fall C-1: Verlängerung"
    assert arrived["Message-ID"] == f"<{ROW.hex}@jobcenter.example>"
    assert arrived["In-Reply-To"] == arrived["References"] == "<case@jobcenter.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["X-Auto-Response-Suppress"] == "All"
    assert arrived["Content-Language"] == "de"
    assert [part.get_content_type() for part in arrived.iter_parts()] == ["text/plain", "text/html"]


def test_the_same_row_has_the_same_message_id() -> None:
    assert a_mail()["Message-ID"] == a_mail()["Message-ID"]
    assert a_mail()["References"] is None


def test_a_line_break_in_a_subject_makes_no_header() -> None:
    hostile = a_mail(subject="Fall C-1\r\nBcc: other@example.org")
    assert hostile["Subject"] == "Fall C-1 Bcc: other@example.org"
    assert hostile["Bcc"] is None


@pytest.mark.parametrize("address", ["", "nobody", "a@b@c", "a@b\nBcc: x@y", "a b@c.de", "a@b.de, c@d.de", "<a@b.de>"])
def test_an_address_that_is_none_is_final(address: str) -> None:
    with pytest.raises(mail.Final):
        a_mail(to=address)


@pytest.mark.parametrize(
    "address", [".a@b.de", "a..b@c.de", "a@-b.de", "a@b..de", "x" * 65 + "@b.de", "a@" + "b" * 64 + ".de"]
)
def test_the_syntax_of_an_address_is_checked(address: str) -> None:
    with pytest.raises(mail.Final, match="address"):
        a_mail(to=address)


def test_an_address_is_written_as_a_server_takes_it(mail_server: MailServer) -> None:
    mail.send(mail.server(mail_server.url), a_mail(to=" o'neill+fm@M\u00fcller.de\u00a0"))
    assert mail_server.recipients == ["o'neill+fm@xn--mller-kva.de"]


def test_an_address_that_the_server_cannot_write_is_final(mail_server: MailServer) -> None:
    mail.send(mail.server(mail_server.url), a_mail(to="jörg@müller.de"))
    assert mail_server.recipients == ["jörg@xn--mller-kva.de"]
    with running(beyond_ascii=False) as plain, pytest.raises(mail.Final, match="SMTPUTF8"):
        mail.send(mail.server(plain.url), a_mail(to="jörg@müller.de"))


def test_sender_and_reply_address_can_be_set(mail_server: MailServer) -> None:
    mail.send(mail.server(mail_server.url, "dienst@amt.example", "team@amt.example"), a_mail())
    (arrived,) = mail_server.mails
    assert (arrived["From"], arrived["Reply-To"]) == ("Fallverlauf <dienst@amt.example>", "team@amt.example")
    mail.send(mail.server(mail_server.url), a_mail())
    assert mail_server.mails[1]["Reply-To"] is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [("451 später", mail.Temporary), ("421 voll", mail.Temporary), ("550 nein", mail.Final), ("554 nie", mail.Final)],
)
def test_4xx_is_temporary_and_5xx_final(mail_server: MailServer, answer: str, error: type[Exception]) -> None:
    mail_server.answer = answer
    with pytest.raises(error) as raised:
        mail.send(mail.server(mail_server.url), a_mail())
    assert str(raised.value) == answer[:3]


def test_a_password_goes_over_an_encrypted_connection_alone_unless_a_setting_says_so(mail_server: MailServer) -> None:
    address = mail_server.url.replace("smtp://", "smtp://dienst:geheim@")
    with pytest.raises(mail.Temporary, match="STARTTLS"):
        mail.send(mail.server(address), a_mail())
    with pytest.raises(mail.Temporary, match="SMTPNotSupportedError"):  # it asks for no password at all
        mail.send(mail.server(address, without_tls=True), a_mail())
    assert mail_server.mails == []


def test_no_server_is_temporary() -> None:
    with pytest.raises(mail.Temporary):
        mail.send(mail.server(f"smtp://127.0.0.1:{free_port()}"), a_mail())


def test_the_address_of_the_server() -> None:
    found = mail.server("smtp://dienst%40jobcenter.example:geheim@mail.example:587")
    assert (found.host, found.port, found.password) == ("mail.example", 587, "geheim")
    assert found.sender == "dienst@jobcenter.example"
    assert mail.server("smtp://mail.example").sender == "fallverlauf@mail.example"
