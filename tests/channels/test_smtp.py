"""E-mail in real conversations: taken, refused for now, refused for ever, broken off."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from channels.couriers import Letter, MailServer, NotCarried, Security, Smtp, Undeliverable
from models.ids import new_id
from tests.channels.certificates import certified
from tests.channels.mail_servers import (
    HANG_UP,
    PASSWORD,
    SAY_NOTHING,
    USER,
    Mailbox,
    mail_server,
)

# A password on an open wire is only between this process and itself.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")

SENDER: Final = "uPay <letters@pay.example>"
LETTER: Final = Letter(
    new_id(),
    "ada@example.com",
    "email",
    "uPay：登录密码已修改",
    "您好：\n\n验证码是 123456。\n.\n谢谢！",
)


def smtp(mailbox: Mailbox, *, conversation_seconds: float = 10.0) -> Smtp:
    """As uPay speaks to a mail server on this machine."""
    return Smtp(
        MailServer.at(mailbox.url), sender=SENDER, conversation_seconds=conversation_seconds
    )


async def test_a_letter_arrives_whole_at_one_recipient_and_says_that_a_machine_wrote_it() -> None:
    async with mail_server() as mailbox:
        await smtp(mailbox).send(LETTER)

    [message] = mailbox.arrived
    assert mailbox.envelopes == [("letters@pay.example", ["ada@example.com"])]
    assert message["subject"] == LETTER.subject
    assert message["from"] == SENDER
    assert message["to"] == "ada@example.com"
    assert message["auto-submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == LETTER.text + "\n"
    assert message.get_content_type() == "text/plain"


async def test_the_same_letter_always_has_the_same_id_and_date() -> None:
    async with mail_server() as mailbox:
        await smtp(mailbox).send(LETTER)
        await smtp(mailbox).send(LETTER)
        await smtp(mailbox).send(replace(LETTER, id=new_id()))

    first, again, other = [(each["message-id"], each["date"]) for each in mailbox.arrived]
    assert first == again
    assert first[0] == f"<{LETTER.id.hex}@pay.example>"
    assert other[0] != first[0]


@pytest.mark.parametrize("answer", ["450 later", "451 try again", "452 full", "421 closing"])
async def test_a_letter_that_is_not_taken_now_may_be_taken_later(answer: str) -> None:
    async with mail_server() as mailbox:
        mailbox.recipients.append(answer)

        with pytest.raises(NotCarried):
            await smtp(mailbox).send(LETTER)
        assert mailbox.arrived == []
        await smtp(mailbox).send(LETTER)

    assert len(mailbox.arrived) == 1


async def test_a_recipient_that_is_none_is_given_up_and_not_named() -> None:
    async with mail_server() as mailbox:
        mailbox.recipients.append("550 no ada@example.com here")

        with pytest.raises(Undeliverable) as why:
            await smtp(mailbox).send(LETTER)

    assert str(why.value) == "The mail server answered 550."
    assert why.value.__cause__ is None
    assert mailbox.arrived == []


async def test_words_that_are_refused_are_given_up_and_busy_servers_are_not() -> None:
    async with mail_server() as mailbox:
        mailbox.contents += ["554 not wanted", "451 busy"]

        with pytest.raises(Undeliverable):
            await smtp(mailbox).send(LETTER)
        with pytest.raises(NotCarried):
            await smtp(mailbox).send(LETTER)

    assert mailbox.arrived == []


async def test_a_server_that_hangs_up_in_the_middle_is_asked_again() -> None:
    async with mail_server() as mailbox:
        mailbox.contents.append(HANG_UP)

        with pytest.raises(NotCarried):
            await smtp(mailbox).send(LETTER)
        await smtp(mailbox).send(LETTER)

    assert len(mailbox.arrived) == 1
    assert mailbox.conversations == 2


async def test_a_server_that_says_nothing_is_not_waited_for_long() -> None:
    async with mail_server() as mailbox:
        mailbox.recipients.append(SAY_NOTHING)

        with pytest.raises(NotCarried, match="in time"):
            await smtp(mailbox, conversation_seconds=0.2).send(LETTER)

    assert mailbox.arrived == []


async def test_nobody_at_the_address_is_a_matter_for_later() -> None:
    async with mail_server() as mailbox:
        pass

    with pytest.raises(NotCarried):
        await smtp(mailbox).send(LETTER)


async def test_a_letter_goes_by_starttls_with_a_password(tmp_path: Path) -> None:
    shown, trust = certified(tmp_path)

    async with mail_server(starttls=shown, with_password=True) as mailbox:
        server = MailServer(
            host=mailbox.host,
            port=mailbox.port,
            security=Security.STARTTLS,
            user=USER,
            password=PASSWORD,
        )
        await Smtp(server, sender=SENDER, trust=trust).send(LETTER)

    assert mailbox.was_encrypted == [True]


async def test_a_letter_goes_by_tls_from_the_first_byte(tmp_path: Path) -> None:
    shown, trust = certified(tmp_path)

    async with mail_server(tls=shown) as mailbox:
        server = MailServer(host=mailbox.host, port=mailbox.port, security=Security.TLS)
        await Smtp(server, sender=SENDER, trust=trust).send(LETTER)

    assert len(mailbox.arrived) == 1


async def test_neither_words_nor_password_go_to_a_server_that_cannot_prove_who_it_is(
    tmp_path: Path,
) -> None:
    shown, _ = certified(tmp_path)
    async with mail_server(starttls=shown, with_password=True) as strange, mail_server() as plain:
        for mailbox in (strange, plain):
            server = MailServer(
                host=mailbox.host,
                port=mailbox.port,
                security=Security.STARTTLS,
                user=USER,
                password=PASSWORD,
            )
            with pytest.raises(NotCarried):
                await Smtp(server, sender=SENDER).send(LETTER)

    assert strange.arrived == plain.arrived == []


async def test_a_wrong_password_is_the_operators_matter_and_is_not_repeated() -> None:
    async with mail_server(with_password=True) as mailbox:
        server = replace(MailServer.at(mailbox.url), user=USER, password="wrong of the mail")

        with pytest.raises(NotCarried) as why:
            await Smtp(server, sender=SENDER).send(LETTER)

    assert "wrong of the mail" not in f"{why.value!r} {server!r}"
    assert mailbox.arrived == []


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("ada@example.com\r\nBcc: eve@example.com", "Hello"),
        ("ada@example.com, eve@example.com", "Hello"),
        ("ada@example.com> <eve@example.com", "Hello"),
        ("ada@example.com", "Hello\r\nBcc: eve@example.com"),
        ("ada@example.com", "Hello\n\nanother body"),
        ("", "Hello"),
        ("ada", "Hello\r"),
    ],
)
async def test_no_line_of_somebodys_own_gets_into_the_headers(to: str, subject: str) -> None:
    async with mail_server() as mailbox:
        with pytest.raises(Undeliverable):
            await smtp(mailbox).send(replace(LETTER, to=to, subject=subject))

    assert mailbox.conversations == 0


async def test_looking_at_a_mail_server_sends_nothing() -> None:
    async with mail_server() as mailbox:
        await smtp(mailbox).look()

    assert (mailbox.conversations, mailbox.arrived) == (1, [])
    with pytest.raises(NotCarried):
        await smtp(mailbox).look()


@pytest.mark.parametrize(
    ("url", "security", "port"),
    [
        ("smtp://mail.example", Security.STARTTLS, 587),
        ("smtp://mail.example:2525", Security.STARTTLS, 2525),
        ("smtps://mail.example", Security.TLS, 465),
        ("smtp://localhost", Security.NONE, 25),
        ("smtp://127.0.0.1:1025", Security.NONE, 1025),
    ],
)
def test_only_a_server_on_this_machine_is_spoken_to_in_the_open(
    url: str, security: Security, port: int
) -> None:
    server = MailServer.at(url)

    assert (server.security, server.port) == (security, port)


def test_names_and_passwords_in_an_address_may_hold_anything() -> None:
    server = MailServer.at("smtps://up%40ay:a%2Fb%3Ac@mail.example")

    assert (server.user, server.password) == ("up@ay", "a/b:c")
    assert "a/b:c" not in repr(server)
