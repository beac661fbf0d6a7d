"""The file `.env`: its example, and how it is read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from server.settings.definitions import Setting, SettingsRefused, known

_HEAD: Final = """\
# uPay's settings, each with its default. Copy this file to .env beside it and change what you
# need; a variable of the environment wins over the one in .env. A secret may be in a file of its
# own: end its name with _FILE and give the path.
"""
_COLUMNS: Final = 98
_LINE: Final = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def example() -> str:
    """The text of `.env.example`, where every setting has its default."""
    return _HEAD + "".join(_paragraph(setting) for setting in known())


def variables(file: Path) -> dict[str, str]:
    """The variables in a file of lines `NAME=value`; none when there is no such file.

    Raises:
        SettingsRefused: it cannot be read, or a line is neither that nor a comment.
    """
    try:
        lines = file.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsRefused(
            f"The file {file.resolve()} cannot be read ({error}): correct its rights, or move it."
        ) from None
    return dict(
        _variable(line.strip(), f"line {number} of {file.resolve()}")
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
    )


def _variable(line: str, place: str) -> tuple[str, str]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise SettingsRefused(f"There is no NAME=value in {place}: write one, or begin with #.")
    name, value = found.groups()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value = value[1:-1]
    return name, value


def _paragraph(setting: Setting) -> str:
    words = setting.description.split() + ["Secret."] * setting.is_secret
    lines = ["#"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > _COLUMNS:
            lines.append("#")
        lines[-1] += f" {word}"
    return "\n" + "\n".join([*lines, f"{setting.name}={setting.default}"]) + "\n"
