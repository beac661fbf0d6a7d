"""Settings: what may be said, what is refused, and what never shows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from server import keys
from server.settings import Mode, Settings, SettingsRefused, known
from server.settings.examples import example, variables

KEY = "2026a:" + "A" * 43 + "="
OTHER_KEY = "2026b:" + "B" * 42 + "A="
DATABASE = "postgres://upay:hush@db:5432/upay"
LIVE = {"UPAY_MODE": "live", "UPAY_SECRET_KEYS": KEY, "UPAY_DATABASE_URL": DATABASE}
ROOT = Path(__file__).parents[2]


def test_without_any_setting_it_is_a_demo_on_this_machine_with_a_database_of_its_own() -> None:
    settings = Settings.read({})

    assert (settings.mode, settings.host, settings.port) == (Mode.DEMO, "127.0.0.1", 8000)
    assert settings.is_embedded
    assert (settings.workers, settings.redis_url, settings.secret_keys) == (1, None, ())


def test_an_empty_variable_counts_as_a_missing_one() -> None:
    assert Settings.read({"UPAY_PORT": " ", "UPAY_DATA": ""}) == Settings.read({})


def test_every_setting_can_be_set() -> None:
    settings = Settings.read(
        {
            **LIVE,
            "UPAY_SECRET_KEYS": f"{KEY}, {OTHER_KEY}",
            "UPAY_HOST": "::",
            "UPAY_PORT": "80",
            "UPAY_DATA": "/var/lib/elsewhere",
            "UPAY_DATABASE_OWNER_URL": "postgres://owner:hush@db/upay",
            "UPAY_DATABASE_POOL": "30",
            "UPAY_REDIS_URL": "rediss://:hush@redis:6380/1",
            "UPAY_ALLOWED_ORIGINS": "https://shop.example, http://localhost:5173",
            "UPAY_TRUSTED_PROXIES": "10.0.0.0/8,::1",
            "UPAY_RATE_PERSON": "9000",
            "UPAY_RATE_ADDRESS": "300",
            "UPAY_WORKERS": "4",
            "UPAY_PROVIDER_URL": "https://pay.example/v1/",
            "UPAY_PROVIDER_SECRET": "hush",
            "UPAY_PUBLIC_URL": "https://pay.example/",
            "UPAY_PASSKEY_DOMAIN": "pay.example",
            "UPAY_SMTP_URL": "smtp://upay:hush@mail.example:587",
            "UPAY_MAIL_FROM": "uPay <letters@pay.example>",
            "UPAY_SMS_URL": "https://sms.example/send",
            "UPAY_SMS_SECRET": "hush",
            "UPAY_LOG_LEVEL": "warning",
            "UPAY_LOG_FORMAT": "json",
            "UPAY_METRICS": "[::1]:9464",
        }
    )

    assert settings.mode is Mode.LIVE
    assert settings.data == Path("/var/lib/elsewhere")
    assert not settings.is_embedded
    assert [key.id for key in settings.secret_keys] == ["2026a", "2026b"]
    assert settings.allowed_origins == ("https://shop.example", "http://localhost:5173")
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
    assert (settings.rate_person, settings.rate_address) == (9_000, 300)
    assert (settings.workers, settings.database_pool, settings.port) == (4, 30, 80)
    assert settings.provider_url == "https://pay.example/v1"
    assert (settings.public_url, settings.mail_from) == (
        "https://pay.example",
        "uPay <letters@pay.example>",
    )
    assert (settings.log_format, settings.metrics) == ("json", ("::1", 9464))


REFUSED: list[tuple[Mapping[str, str], str]] = [
    (
        {"UPAY_PROT": "1"},
        "There is no setting UPAY_PROT: the nearest is UPAY_PORT, and "
        "`python -m server settings` lists them all.",
    ),
    ({"UPAY_PORT_FILE": "/x"}, "There is no setting UPAY_PORT_FILE: the nearest is UPAY_"),
    (
        {"UPAY_MODE": "prod"},
        "UPAY_MODE, 'prod', cannot be used: it must be one of demo, test, live.",
    ),
    ({"UPAY_HOST": "not a host"}, "it must be a name or an address"),
    ({"UPAY_PORT": "http"}, "it must be a whole number from 0 to 65535"),
    ({"UPAY_PORT": "65536"}, "it must be a whole number from 0 to 65535"),
    ({"UPAY_PORT": "-1"}, "it must be a whole number from 0 to 65535"),
    ({"UPAY_PORT": "８０"}, "it must be a whole number from 0 to 65535"),
    ({"UPAY_WORKERS": "0"}, "it must be a whole number from 1 to 64"),
    ({"UPAY_DATABASE_POOL": "1"}, "it must be a whole number from 2 to 500"),
    ({"UPAY_LOG_LEVEL": "INFO"}, "it must be one of debug, info, warning, error"),
    ({"UPAY_LOG_FORMAT": "xml"}, "it must be one of auto, text, json"),
    ({"UPAY_METRICS": "9464"}, "it must be host:port, such as 127.0.0.1:9464"),
    ({"UPAY_METRICS": "127.0.0.1:0"}, "it must be host:port, such as 127.0.0.1:9464"),
    ({"UPAY_METRICS": "http://127.0.0.1:9464"}, "it must be host:port, such as 127.0.0.1:9464"),
    ({"UPAY_METRICS": "127.0.0.1:99999"}, "it must be host:port, such as 127.0.0.1:9464"),
    ({"UPAY_REDIS_URL": "localhost:6379"}, "it must be redis://[user:password@]host:port/number"),
    ({"UPAY_ALLOWED_ORIGINS": "*"}, "'*' in it must be an origin, such as https://shop.example"),
    ({"UPAY_ALLOWED_ORIGINS": "https://shop.example/"}, "must be an origin"),
    ({"UPAY_ALLOWED_ORIGINS": "shop.example"}, "must be an origin"),
    ({"UPAY_TRUSTED_PROXIES": "*"}, "'*' in it must be an address or a network"),
    ({"UPAY_RATE_PERSON": "0"}, "it must be a whole number from 1 to 1000000"),
    ({"UPAY_SECRET_KEYS": "a"}, "UPAY_SECRET_KEYS cannot be used: the key a must be 32 bytes"),
    ({"UPAY_SECRET_KEYS": "A B:c"}, "each key must be id:base64"),
    ({"UPAY_SECRET_KEYS": "a:!!!!"}, "the key a is not in base64"),
    ({"UPAY_SECRET_KEYS": "a:c2hvcnQ="}, "the key a must be 32 bytes in base64"),
    ({"UPAY_SECRET_KEYS": f"{KEY},{KEY}"}, "two of its keys have the same id"),
    ({"UPAY_PROVIDER_URL": "ftp://x"}, "it must be http://host[:port][/path]"),
    ({**LIVE, "UPAY_DATABASE_URL": "mysql://db/upay"}, "it must be postgres://user:password@host"),
    ({**LIVE, "UPAY_DATABASE_URL": "postgres://db:x/upay"}, "it must be postgres://"),
    ({**LIVE, "UPAY_DATABASE_URL": f"{DATABASE}?sslmode=require"}, "for TLS set PGSSLMODE"),
    ({"UPAY_DATABASE_URL": DATABASE}, "A demo keeps its people in the embedded database"),
    (
        {"UPAY_MODE": "live"},
        "A live server needs UPAY_SECRET_KEYS or UPAY_SECRET_KEYS_FILE: make a",
    ),
    (
        {**LIVE, "UPAY_SECRET_KEYS": keys.new("demo-").text},
        "the key of a demo or a test server: a live one needs keys of its own",
    ),
    (
        {"UPAY_MODE": "test", "UPAY_DATABASE_OWNER_URL": DATABASE},
        "UPAY_DATABASE_OWNER_URL is set and UPAY_DATABASE_URL is not",
    ),
    (
        {"UPAY_WORKERS": "3"},
        "UPAY_WORKERS is 3 and UPAY_REDIS_URL is not set: several processes hear each other "
        "through Redis, so set UPAY_REDIS_URL, or UPAY_WORKERS to 1.",
    ),
    ({"UPAY_PROVIDER_URL": "http://x"}, "UPAY_PROVIDER_URL and UPAY_PROVIDER_SECRET belong"),
    ({"UPAY_PROVIDER_SECRET": "x"}, "UPAY_PROVIDER_URL and UPAY_PROVIDER_SECRET belong"),
    ({"UPAY_PUBLIC_URL": "https://pay.example/app"}, "it must be an origin, such as https://"),
    ({"UPAY_PUBLIC_URL": "https://u:p@pay.example"}, "it must be an origin, such as https://"),
    ({"UPAY_PUBLIC_URL": "pay.example"}, "it must be an origin, such as https://"),
    ({"UPAY_PASSKEY_DOMAIN": "https://pay.example"}, "it must be a domain in small letters"),
    ({"UPAY_PASSKEY_DOMAIN": "pay.example"}, "people reach this server at localhost"),
    (
        {"UPAY_PASSKEY_DOMAIN": "pay.example", "UPAY_PUBLIC_URL": "https://repay.example"},
        "UPAY_PASSKEY_DOMAIN is pay.example, and people reach this server at repay.example",
    ),
    ({"UPAY_SMTP_URL": "mail.example:587"}, "UPAY_SMTP_URL cannot be used: it must be smtp://"),
    ({"UPAY_SMTP_URL": "smtp://hush@mail.example"}, "UPAY_SMTP_URL cannot be used: it must be"),
    ({"UPAY_SMTP_URL": "smtp://mail.example/x?y"}, "UPAY_SMTP_URL cannot be used: it must be"),
    ({"UPAY_SMTP_URL": "smtp://mail.example"}, "UPAY_SMTP_URL is set and UPAY_MAIL_FROM is not"),
    ({"UPAY_MAIL_FROM": "letters"}, "it must be an address, such as uPay <letters@"),
    ({"UPAY_MAIL_FROM": "a@b.example, c@d.example"}, "it must be an address, such as uPay"),
    ({"UPAY_SMS_URL": "http://sms.example"}, "it must be https://…, file:/path or console:"),
    ({"UPAY_SMS_URL": "https://u:hush@sms.example"}, "it must be https://…, file:/path or"),
    ({"UPAY_SMS_URL": "file:sms"}, "it must be https://…, file:/path or console:"),
    ({"UPAY_SMS_URL": "https://sms.example"}, "names a gateway and UPAY_SMS_SECRET is not set"),
]


@pytest.mark.parametrize(("environ", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_in_one_sentence(
    environ: Mapping[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        Settings.read(environ)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_refusal_never_quotes_a_secret() -> None:
    wrong = {
        "UPAY_DATABASE_URL": "postgres://upay:hush@/",
        "UPAY_REDIS_URL": "tcp://:hush@redis",
        "UPAY_SECRET_KEYS": "a:hush",
    }

    for name, value in wrong.items():
        with pytest.raises(SettingsRefused) as refused:
            Settings.read({"UPAY_MODE": "test", name: value})
        assert "hush" not in str(refused.value)


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "database"
    file.write_text(f"{DATABASE}\n")

    settings = Settings.read({"UPAY_MODE": "test", "UPAY_DATABASE_URL_FILE": str(file)})

    assert settings.database_url == DATABASE


def test_a_secret_given_twice_or_in_no_file_is_refused(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    with pytest.raises(SettingsRefused, match="Both UPAY_REDIS_URL and UPAY_REDIS_URL_FILE"):
        Settings.read({"UPAY_REDIS_URL": "redis://a", "UPAY_REDIS_URL_FILE": missing})
    with pytest.raises(SettingsRefused, match=r"UPAY_REDIS_URL_FILE names .*missing, which cannot"):
        Settings.read({"UPAY_REDIS_URL_FILE": missing})


def test_no_secret_is_in_a_repr() -> None:
    secrets = {**LIVE, "UPAY_REDIS_URL": "redis://:hush@r", "UPAY_PROVIDER_URL": "http://p"}

    shown = repr(Settings.read({**secrets, "UPAY_PROVIDER_SECRET": "hush"}))

    assert "hush" not in shown
    assert "AAAA" not in shown
    assert "provider_url='http://p'" in shown


def test_the_example_has_every_setting_and_says_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(example())

    found = variables(file)

    assert list(found) == [setting.name for setting in known()]
    assert Settings.read(found) == Settings.read({})
    assert (ROOT / ".env.example").read_text() == example()


def test_a_file_of_variables_is_read_as_people_write_it(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("# ours\n\nUPAY_PORT=9000\nexport UPAY_DATA = \"/a b\"\nUPAY_HOST='::1'\n")

    assert variables(file) == {"UPAY_PORT": "9000", "UPAY_DATA": "/a b", "UPAY_HOST": "::1"}
    assert variables(tmp_path / "missing") == {}


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("hello\n")

    with pytest.raises(SettingsRefused, match="There is no NAME=value in line 1 of"):
        variables(file)


def test_a_key_made_here_can_be_given_back_and_says_what_it_is_of() -> None:
    demo, live = keys.new("demo-"), keys.new()

    assert keys.parsed(f"{demo.text},{live.text}") == (demo, live)
    assert (demo.is_made_here, live.is_made_here) == (True, False)
    assert demo.value.hex() not in repr(demo)
