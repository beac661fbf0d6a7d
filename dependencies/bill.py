"""`make sbom`: writes the bill of materials, everything a uPay is made of, as CycloneDX JSON."""

# ruff: noqa: T201 - a command

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from dependencies import locks
from dependencies.locks import Package

FOLDER: Final = locks.ROOT / "sbom"
DASHBOARD: Final = locks.ROOT / "dashboard" / locks.NPM_LOCK


def write(folder: Path = FOLDER) -> Path:
    """Makes the bill of what is served: the Python lock, and the dashboard's where it is there."""
    project = tomllib.loads((locks.ROOT / "pyproject.toml").read_text())["project"]
    packages = [*locks.python_packages()]
    if DASHBOARD.exists():
        packages += locks.npm_packages(DASHBOARD)
    bom = Bom(components=[_component(package) for package in packages])
    whole = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION
    )
    bom.metadata.component = whole
    bom.register_dependency(whole, bom.components)
    folder.mkdir(exist_ok=True)
    file = folder / f"{project['name']}-{project['version']}.cdx.json"
    file.write_text(JsonV1Dot6(bom).output_as_string(indent=2))
    return file


def _component(package: Package) -> Component:
    namespace, _, name = package.name.rpartition("/")
    url = PackageURL(package.ecosystem, namespace or None, name, package.version)
    where = [Property(name="upay:marker", value=package.marker)] if package.marker else []
    return Component(
        name=package.name,
        version=package.version,
        type=ComponentType.LIBRARY,
        purl=url,
        bom_ref=str(url),
        hashes=[HashType(alg=HashAlgorithm(kind), content=found) for kind, found in package.hashes],
        properties=where,
    )


if __name__ == "__main__":
    print(f"wrote {write().relative_to(locks.ROOT)}")
