"""Webhooks go to public addresses of a sound form, and nowhere else."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import pytest

from domain.webhooks import (
    Neighbourhood,
    Resolve,
    Target,
    WebhookUrlInvalid,
    WebhookUrlRefused,
    is_public,
)

PUBLIC = "93.184.216.34"
HERE = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def knowing(*addresses: str) -> Resolve:
    """Somebody for whom every name has these addresses."""

    async def resolve(_: str) -> Sequence[str]:
        return addresses

    return resolve


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://shop.example", "https://shop.example/"),
        ("https://SHOP.example:8443/hooks?a=b", "https://shop.example:8443/hooks?a=b"),
        ("https://shop.example./hooks", "https://shop.example/hooks"),
        ("https://bücher.example/hooks", "https://xn--bcher-kva.example/hooks"),
        ("https://店铺.example/", "https://xn--hxtq42j.example/"),
        (f"https://{PUBLIC}/", f"https://{PUBLIC}/"),
        ("https://[2606:2800:220:1::1]:443/", "https://[2606:2800:220:1::1]:443/"),
        ("http://localhost:3000", "http://localhost:3000/"),
    ],
)
def test_an_address_is_kept_in_one_spelling(written: str, kept: str) -> None:
    assert Target.read(written).url == kept


@pytest.mark.parametrize(
    "url",
    [
        *("", "shop.example", "//shop.example", "gopher://shop.example/", "file:///etc/passwd"),
        *("ftp://shop.example/", "https://", "https:///hooks", "https://:443/"),
        *("https://ada:pin@shop.example/", "https://ada@shop.example/", "https://@shop.example/"),
        *(
            "https://shop.example/#end",
            "https://shop.example/ hooks",
            "https://shop.example\\@a.b/",
        ),
        *("https://shop.example:0/", "https://shop.example:99999/", "https://shop.example:a/"),
        *(
            "https://shop.example/\r\nHost: a",
            "https://shop.example/\x00",
            "https://shop.example/é",
        ),
        *("https://intranet/", "https://-a.example/", "https://a..example/", "https://a_.b c/"),
        *("https://0x7f.1/", "https://127.1/", "https://2130706433/", "https://0177.0.0.1/"),
        *("https://0x7f000001/", "https://127.0.0.1.999/", "https://1.2.3.0x4/"),
        *("https://[::1/", "https://[fe80::1%25eth0]/", "https://[127.0.0.1]/", "https://[v1.a]/"),
        *("https://" + "a" * 64 + ".example/", "https://" + "a." * 130 + "example/"),
        *("https://shop.example/" + "x" * 2_048, "https://" + "x" * 61_440, "\ud800"),
    ],
)
def test_what_is_no_address_for_webhooks_is_refused(url: str) -> None:
    with pytest.raises(WebhookUrlInvalid):
        Target.read(url)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.1", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.9.10", "169.254.169.254"),
        *("172.16.0.1", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::ffff:7f00:1", "::7f00:1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1"),
        *("5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
    ],
)
async def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    place = f"[{address}]" if ":" in address else address

    for url, resolve in (
        (f"https://{place}/", None),
        ("https://shop.example/", knowing(address)),
        ("https://shop.example/", knowing(PUBLIC, address)),
    ):
        with pytest.raises(WebhookUrlRefused):
            await Neighbourhood((), resolve).destinations(Target.read(url))


async def test_a_public_address_is_connected_to_as_it_was_looked_at() -> None:
    asked = Neighbourhood((), knowing(PUBLIC, "2606:2800:220:1::1"))

    found = await asked.destinations(Target.read("https://shop.example/"))

    assert found == [PUBLIC, "2606:2800:220:1::1"]
    assert all(is_public(ipaddress.ip_address(each)) for each in found)


async def test_an_address_in_disguise_is_looked_at_as_what_it_is() -> None:
    asked = Neighbourhood((), knowing(f"::ffff:{PUBLIC}"))

    assert await asked.destinations(Target.read("https://shop.example/")) == [PUBLIC]


@pytest.mark.parametrize("answer", [[], ["nonsense"], ["fe80::1%eth0"]])
async def test_a_name_without_a_sound_address_is_refused_like_a_private_one(
    answer: list[str],
) -> None:
    with pytest.raises(WebhookUrlRefused):
        await Neighbourhood((), knowing(*answer)).destinations(Target.read("https://shop.example/"))


@pytest.mark.parametrize(
    "url",
    [
        *(f"http://{PUBLIC}/", f"https://{PUBLIC}:22/", f"https://{PUBLIC}:25/"),
        *(f"https://{PUBLIC}:80/", f"https://{PUBLIC}:6379/", f"http://{PUBLIC}:443/"),
    ],
)
async def test_the_public_internet_is_called_by_https_on_its_usual_ports_only(url: str) -> None:
    with pytest.raises(WebhookUrlRefused):
        await Neighbourhood(HERE).destinations(Target.read(url))


async def test_networks_that_the_operator_names_are_called_by_http_too() -> None:
    here = Neighbourhood(HERE, knowing("127.0.0.1", "::1"))

    assert await here.destinations(Target.read("http://localhost:3000/")) == ["127.0.0.1", "::1"]
    assert await here.destinations(Target.read("http://127.0.0.1/")) == ["127.0.0.1"]
    for url in ("http://127.0.0.1:22/", "http://127.0.0.1:25/", "http://10.0.0.1/"):
        with pytest.raises(WebhookUrlRefused):
            await here.destinations(Target.read(url))
