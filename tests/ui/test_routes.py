"""The table of places: every screen exists, every address leads to one, the right destination is lit."""

from __future__ import annotations

import inspect
import re

import pytest

from goes_mobile.ui import routes
from goes_mobile.ui.routes import NAVIGATION, PLACES, Place, active, parent_of, route_tree
from goes_mobile.ui.screens.gallery.places import PLACES as GALLERY


@pytest.mark.parametrize("place", [*PLACES, *GALLERY], ids=lambda place: place.path)
def test_every_place_has_its_screen_with_the_parameters_of_its_path(place):
    screen = place.load()
    assert getattr(screen, "__is_component__", False), "screens are components"
    named = set(re.findall(r":(\w+)", place.path))
    wanted = inspect.signature(screen).parameters
    assert {name for name, p in wanted.items() if p.default is inspect.Parameter.empty} <= named <= set(wanted)


def test_addresses_are_there_once():
    paths = [place.path for place in PLACES]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("role", ["team", "supervisor"])
def test_the_navigation_has_five_destinations(role):
    assert len(NAVIGATION[role]) == 5
    assert NAVIGATION[role][0].path == "/"
    assert NAVIGATION[role][-1].key == "nav.more"


@pytest.mark.parametrize(
    ("location", "lit"),
    [
        ("/", "/"),
        ("/people", "/people"),
        ("/people/x/consent", "/people"),
        ("/more/sync", "/more"),
        ("/versions/task/x", "/"),
        ("/tasks", "/"),
        ("/more/tasks", "/more"),
        ("/more/sync/versions/task/x", "/more"),
        ("/else", "/more"),
    ],
)
def test_a_location_lights_its_destination(location, lit):
    assert active(NAVIGATION["team"], location).path == lit


def test_a_place_below_another_is_a_step_further():
    places = (Place("/", "m:a"), Place("/people", "m:b"), Place("/people/:id", "m:c"), Place("/people/:id/x", "m:d"))
    assert parent_of(places[0], places) is None
    assert parent_of(places[1], places) is None
    assert parent_of(places[2], places) is places[1]
    assert parent_of(places[3], places) is places[2]


def _tree(beside: bool, places: tuple[Place, ...] = GALLERY) -> list:
    names = {kind: (lambda place, kind=kind: (kind, place.path)) for kind in ("stage", "pair", "pane", "unchosen")}
    return route_tree(places, beside=beside, **names)


def test_a_narrow_window_shows_list_and_detail_one_after_the_other():
    people = next(route for route in _tree(beside=False) if route.path == "people")
    assert not people.outlet
    assert people.component() == ("stage", "/people")
    assert people.children[0].component() == ("stage", "/people/:person")


def test_a_wide_window_shows_list_and_detail_beside_each_other():
    people = next(route for route in _tree(beside=True) if route.path == "people")
    assert people.outlet
    assert people.component() == ("pair", "/people")
    assert [child.component()[0] for child in people.children] == ["unchosen", "pane"]


def test_beside_a_list_is_one_view_however_deep_it_goes():
    """Two views of one list bear the same name; with a form above them the client showed nothing at all."""
    people = next(route for route in _tree(beside=True, places=PLACES) if route.path == "people")
    assert ":person/met/:encounter" in [child.path for child in people.children]
    assert not any(child.children for child in people.children)


def test_a_form_lies_over_what_was_there():
    record = next(route for route in _tree(beside=True) if route.path == "record")
    assert record.modal


def test_addresses_carry_no_names():
    for place in PLACES:
        assert re.fullmatch(r"/[a-z/:_-]*", place.path), place.path
    assert routes.SYNC_PATH.startswith("/more")
