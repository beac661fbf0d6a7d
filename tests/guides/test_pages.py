"""What the documentation shows fits what uPay is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from graphql import GraphQLSchema, LoneAnonymousOperationRule, parse, specified_rules, validate

from server.api import desk_schema, public_schema
from tests.guides.pages import DOCS, blocks

PAGES: Final = sorted(DOCS.rglob("*.md"))
WITH_GRAPHQL: Final = [page for page in PAGES if blocks(page, "graphql")]
# A block may hold several operations without a name: each is sent by itself.
RULES: Final = [rule for rule in specified_rules if rule is not LoneAnonymousOperationRule]
LINK: Final = re.compile(r"\]\((?!https?://)([^)#\s]+)")


def named(page: Path) -> str:
    return str(page.relative_to(DOCS))


@pytest.mark.parametrize("page", WITH_GRAPHQL, ids=named)
def test_every_operation_shown_fits_a_schema(page: Path) -> None:
    schemas: list[GraphQLSchema] = [each._schema for each in (public_schema, desk_schema)]

    for block in blocks(page, "graphql"):
        complaints = [validate(schema, parse(block), RULES) for schema in schemas]
        assert [] in complaints, f"{block}\n{complaints[0]}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    led = LINK.findall(page.read_text("utf-8"))

    assert [each for each in led if not (page.parent / each).exists()] == []


@pytest.mark.parametrize("folder", ["frontend", "merchants"])
def test_a_guides_first_page_leads_to_all_of_it(folder: str) -> None:
    index = (DOCS / folder / "README.md").read_text("utf-8")

    pages = {page.name for page in (DOCS / folder).glob("*.md")} - {"README.md"}

    assert {page for page in pages if f"]({page})" not in index} == set()


def test_whatever_a_guide_shows_to_be_run_is_run() -> None:
    told = Path(__file__).with_name("test_guides.py").read_text("utf-8")
    guides = [*(DOCS / "frontend").glob("*.md"), DOCS / "merchants" / "README.md"]

    runs = [f'runs_shell("{named(page)}")' for page in guides if blocks(page, "sh")]
    runs += [f'("{named(page)}"' for page in guides if blocks(page, "ts")]

    assert [each for each in runs if each not in told] == []
