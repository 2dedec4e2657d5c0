"""What is built: one distribution with both programs and all they show; an app without what is not for a phone."""

from __future__ import annotations

import importlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.structure.project import ROOT, pyproject

APP = {"main.py", "src", "assets", "LICENSE"}


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    from hatchling.builders.wheel import WheelBuilder

    target = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(target), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_has_both_programs_and_nothing_beside_them(wheel: list[str]) -> None:
    top = {name.split("/")[0] for name in wheel}
    assert {name for name in top if not name.endswith(".dist-info")} == {"goes_mobile", "sync_server"}


def test_the_wheel_carries_every_asset(wheel: list[str]) -> None:
    assets = {f"goes_mobile/{name}" for name in tracked() if name.startswith("assets/")}
    assert len(assets) > 5
    assert assets <= set(wheel)


def test_the_wheel_carries_the_licences(wheel: list[str]) -> None:
    licences = {name.split("/licenses/")[1] for name in wheel if "/licenses/" in name}
    assert licences == {"LICENSE", "assets/fonts/LICENSE_FONT"}


def test_the_root_package_is_empty() -> None:
    assert (ROOT / "src/goes_mobile/__init__.py").read_bytes() == b""


def test_what_does_not_belong_on_a_phone_is_excluded() -> None:
    top = {name.split("/")[0] for name in tracked() if not name.startswith(".")}
    excluded = set(pyproject()["tool"]["flet"]["app"]["exclude"])
    assert top - excluded == APP
    assert excluded & APP == set()


def test_no_copy_of_a_profile_reaches_a_cloud_backup() -> None:
    assert pyproject()["tool"]["flet"]["android"]["manifest_application"]["allowBackup"] == "false"


def test_flet_and_its_extensions_are_pinned_to_one_version() -> None:
    project = pyproject()["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["demo"]]
    pins = {line.partition("==")[2] for line in lines if line.startswith("flet")}
    assert pins == {"1.0.5"}


@pytest.mark.parametrize("name", ["goes-mobile", "goes-sync-server"])
def test_the_programs_exist(name: str) -> None:
    module, _, function = pyproject()["project"]["scripts"][name].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_licence_is_the_whole_eupl() -> None:
    text = Path(ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert "Appendix" in text
    assert all(f"\n{number}." in text for number in range(1, 16))
