"""The pages behind links in letters: looking changes nothing, sending the form acts once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Final

import httpx2
import pytest
from starlette.applications import Starlette

from domain import links, password_resets, passwords
from models.freezes import Freeze
from models.ids import new_id
from models.links import Link, LinkKind
from models.passwords import ResetWay
from models.people import ContactKind, Person
from models.risk import Inquiry, InquiryStatus
from models.security_events import EventKind, SecurityEvent
from server.app import Front, application
from server.rates import Rates
from tests import factories
from tests.api.clients import roomy
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON, Clock

ANOTHER: Final = "other horse 8 battery"
FORM: Final = {"password": ANOTHER, "again": ANOTHER}
OWN: Final = {"origin": "http://upay.test", "sec-fetch-site": "same-origin"}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(database: object, clock: Clock) -> AsyncIterator[Starlette]:
    app = application(Front(clock=clock, livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


Browser = httpx2.AsyncClient


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    async with visitor(app) as browser:
        yield browser


def visitor(app: Starlette) -> Browser:
    transport = httpx2.ASGITransport(app=app)
    return Browser(transport=transport, base_url="http://upay.test", headers={"accept": "*/*"})


async def reset_link(**changes: str) -> tuple[Person, str]:
    """Ada, who forgot her password, and where her letter leads."""
    ada = await registers.resident("ada", **changes)
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    return ada, await another_link()


async def another_link() -> str:
    asked = await password_resets.ask(
        contact="ada@example.org", way=ResetWay.LINK, address="", now=NOON
    )
    found = await password_resets.identify(asked.id, NOON)
    assert found is not None
    return f"/links/{links.token(found[0])}"


async def freeze_link() -> tuple[Person, str]:
    ada = await factories.person("ada")
    await factories.wallet(ada)
    link = await links.make(LinkKind.FREEZE, person_id=ada.id, subject_id=new_id(), now=NOON)
    return ada, f"/links/{links.token(link)}"


def title(page: httpx2.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found
    return found[1]


async def test_looking_at_a_page_changes_nothing_however_often_and_by_whatever_looks(
    browser: Browser,
) -> None:
    ada, path = await reset_link()
    link = await links.make(LinkKind.FREEZE, person_id=ada.id, subject_id=new_id(), now=NOON)
    frozen = f"/links/{links.token(link)}"
    before = await registers.picture(), await Link.all().order_by("id").values()

    for _ in range(3):
        for method in ("GET", "HEAD"):
            for where in (path, frozen):
                assert (await browser.request(method, where)).status_code == 200

    assert (await registers.picture(), await Link.all().order_by("id").values()) == before


async def test_a_page_is_told_to_nobody_and_may_do_nothing_else(browser: Browser) -> None:
    _, path = await reset_link()

    answer = await browser.get(path)

    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.findall(r"<script|<style|\son\w+=|\sstyle=|https?://", answer.text) == []
    assert path not in answer.text
    assert (await browser.get("/links.css")).headers["content-type"].startswith("text/css")


async def test_the_form_gives_another_password_once(browser: Browser) -> None:
    ada, path = await reset_link()

    done = await browser.post(path, data=FORM, headers=OWN)
    again = await browser.post(path, data=FORM, headers=OWN)
    looked = await browser.get(path)

    assert (done.status_code, title(done)) == (200, "Your password is changed")
    ada = await Person.get(id=ada.id)
    assert await passwords.is_right(ANOTHER, ada.password_hash)
    assert [(each.status_code, title(each)) for each in (again, looked)] == [
        (410, "This link is no longer valid")
    ] * 2
    assert await SecurityEvent.filter(kind=EventKind.PASSWORD_RESET).count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"password": ANOTHER, "again": "another"}, "The two are not the same."),
        ({"password": ANOTHER}, "The two are not the same."),
        ({"password": "", "again": ""}, "It is too short."),
        ({"password": "kd7m-xw", "again": "kd7m-xw"}, "It is too short."),
        ({"password": "ada is my name 1", "again": "ada is my name 1"}, "your account name"),
        ({"password": PASSWORD, "again": PASSWORD}, "used this password before"),
        ({"password": "Password2024!!", "again": "Password2024!!"}, "Very many people"),
    ],
)
async def test_a_password_that_is_refused_shows_the_form_again(
    browser: Browser, form: dict[str, str], said: str
) -> None:
    ada, path = await reset_link()

    answer = await browser.post(path, data=form, headers=OWN)

    assert (answer.status_code, title(answer)) == (422, "Choose a new password")
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert not form["password"] or form["password"] not in answer.text
    assert (await Person.get(id=ada.id)).password_hash == ada.password_hash
    assert (await browser.post(path, data=FORM, headers=OWN)).status_code == 200


async def test_the_page_speaks_the_language_of_the_links_owner(browser: Browser) -> None:
    _, path = await reset_link(locale="zh-CN")

    answer = await browser.get(path, headers={"accept-language": "en"})
    dead = await browser.get("/links/x", headers={"accept-language": "zh-CN"})

    assert title(answer) == "设置新密码"
    assert '<html lang="zh-CN">' in answer.text
    assert title(dead) == "链接已失效"


@pytest.mark.parametrize(
    "token", ["x", "A" * 43, "x" * 6_000, "%00", "%F0%9F%98%80", "..%2f..%2fetc", "<b>"]
)
async def test_what_is_no_link_is_a_dead_one(browser: Browser, token: str) -> None:
    for method in ("GET", "POST"):
        answer = await browser.request(
            method, f"/links/{token}", data=FORM if method == "POST" else None, headers=OWN
        )

        assert answer.status_code in {404, 410}, method
        assert token not in answer.text or token == "x"


async def test_a_link_that_another_letter_voided_is_dead_to_look_at_too(browser: Browser) -> None:
    _, first = await reset_link()
    second = await another_link()

    await browser.post(second, data=FORM, headers=OWN)

    assert (await browser.get(first)).status_code == 410


async def test_a_link_is_dead_when_its_time_is_over(browser: Browser, clock: Clock) -> None:
    ada, path = await reset_link()

    clock.advance(minutes=10)

    assert (await browser.get(path)).status_code == 410
    assert (await browser.post(path, data=FORM, headers=OWN)).status_code == 410
    assert (await Person.get(id=ada.id)).password_hash == ada.password_hash


async def test_one_button_stops_all_payments(browser: Browser) -> None:
    ada, path = await freeze_link()

    looked = await browser.get(path)
    done = await browser.post(path, data={"answer": "yes"}, headers=OWN)
    again = await browser.post(path, data={"answer": "yes"}, headers=OWN)

    assert title(looked) == "Stop all payments?"
    assert (done.status_code, title(done)) == (200, "All payments are stopped")
    assert again.status_code == 410
    assert (await Person.get(id=ada.id)).freeze_level > 0
    assert await Freeze.filter(person_id=ada.id).count() == 1


async def test_of_many_who_send_the_form_at_once_one_is_heard(browser: Browser) -> None:
    _, path = await freeze_link()

    answers = await asyncio.gather(
        *(browser.post(path, data={"answer": "yes"}, headers=OWN) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 7


def posting(body: bytes, **headers: str) -> Callable[[Browser, str], Awaitable[httpx2.Response]]:
    kinds = {"content-type": "application/x-www-form-urlencoded", **OWN}
    sent = {**kinds, **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def post(browser: Browser, path: str) -> httpx2.Response:
        return await browser.post(path, content=body, headers=sent)

    return post


@pytest.mark.parametrize(
    ("post", "status"),
    [
        (posting(b"password=" + b"x" * 8_192), 413),
        (posting(b"x" * 70_000), 413),
        (posting(b"password=%FF&again=%FF"), 400),
        (posting(b"\xff\xfe"), 400),
        (posting(b"&".join(b"a%d=1" % each for each in range(9))), 400),
        (posting(b'{"password": "x"}', content_type="application/json"), 415),
        (posting(b"password=x&again=x", content_type="multipart/form-data; boundary=x"), 415),
        (posting(b"answer=yes", origin="https://evil.example"), 403),
        (posting(b"answer=yes", sec_fetch_site="cross-site"), 403),
        (posting(b"answer=yes", sec_fetch_site="same-site", origin="null"), 403),
    ],
)
async def test_what_is_no_form_of_this_page_does_nothing(
    browser: Browser,
    post: Callable[[Browser, str], Awaitable[httpx2.Response]],
    status: int,
) -> None:
    ada, path = await freeze_link()

    answer = await post(browser, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert (await Person.get(id=ada.id)).freeze_level == 0
    assert (await browser.get(path)).status_code == 200


@pytest.mark.parametrize("headers", [OWN, {"origin": "null", "sec-fetch-site": "same-origin"}, {}])
async def test_every_browser_may_send_the_pages_own_form(
    browser: Browser, headers: dict[str, str]
) -> None:
    _, path = await freeze_link()

    answer = await browser.post(path, data={"answer": "yes"}, headers=headers)

    assert answer.status_code == 200


async def test_other_verbs_do_nothing(browser: Browser) -> None:
    _, path = await freeze_link()

    for method in ("PUT", "DELETE", "PATCH"):
        assert (await browser.request(method, path, headers=OWN)).status_code == 405


async def test_tokens_are_not_guessed_without_end(database: object, clock: Clock) -> None:
    app = application(Front(clock=clock, livemode=False, rates=Rates(address_points=30)))
    async with visitor(app) as browser:
        answers = [await browser.get(f"/links/{each}") for each in range(4)]

    assert [answer.status_code for answer in answers] == [410, 410, 410, 429]
    assert title(answers[-1]) == "A moment, please"
    assert "retry-after" in answers[-1].headers


async def question(payee: str) -> tuple[Inquiry, str]:
    """Whether ada paid somebody, and where the letter about it leads."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    await factories.wallet(ada)
    inquiry = await Inquiry.create(
        id=new_id(),
        person_id=ada.id,
        session_id=new_id(),
        payee_id=bob.id,
        payee_name=payee,
        subject_id=bob.id,
        amount=120_000,
        currency="CNY",
        rules=["new-place"],
        is_reviewed_unanswered=False,
        status=InquiryStatus.ASKED,
        asked_at=NOON,
        deadline_at=NOON + timedelta(days=1),
    )
    link = await links.make(LinkKind.ANSWER, person_id=ada.id, subject_id=inquiry.id, now=NOON)
    return inquiry, f"/links/{links.token(link)}"


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("yes", InquiryStatus.CONFIRMED, "Thank you"),
        ("no", InquiryStatus.REPORTED, "All payments are stopped"),
        ("perhaps", InquiryStatus.ASKED, "Was this you?"),
    ],
)
async def test_a_question_about_a_payment_is_answered_by_one_button(
    browser: Browser, answer: str, status: InquiryStatus, said: str
) -> None:
    inquiry, path = await question("Bob")

    looked = await browser.get(path)
    done = await browser.post(path, data={"answer": answer}, headers=OWN)

    assert title(looked) == "Was this you?"
    assert "1,200.00 to Bob" in looked.text
    assert (done.status_code, title(done)) == (200, said)
    assert (await Inquiry.get(id=inquiry.id)).status is status


async def test_a_question_that_was_answered_elsewhere_is_asked_no_more(browser: Browser) -> None:
    inquiry, path = await question("Bob")
    await Inquiry.filter(id=inquiry.id).update(status=InquiryStatus.CONFIRMED, answered_at=NOON)

    assert (await browser.get(path)).status_code == 410
    assert (await browser.post(path, data={"answer": "no"}, headers=OWN)).status_code == 410


async def test_a_name_on_a_page_is_text_and_nothing_more(browser: Browser) -> None:
    _, path = await question('<b id="x">{amount}')

    answer = await browser.get(path)

    assert "&lt;b id=&quot;x&quot;&gt;{amount}" in answer.text
