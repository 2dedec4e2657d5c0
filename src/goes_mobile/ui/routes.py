"""Every screen and its address. A new screen is one line in `PLACES`.

Addresses are deep links: they open after unlocking, in the browser as well as from a notification. They carry ids,
never names. A place below another one (`/people/:person` below `/people`) is a step further: back leads up. With
`beside=True` it stands beside its list where there is room.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Literal, NamedTuple, cast

import flet as ft

from goes_mobile.ui.frame import TeamRole

PlaceKind = Literal["screen", "form"]


@dataclass(frozen=True)
class Place:
    path: str
    screen: str
    """`module:component`; loaded when it is first shown. Its parameters are the `:names` of the path."""
    kind: PlaceKind = "screen"
    """A form fills the window and has no navigation: cross top left, save bar below."""
    beside: bool = False

    def load(self) -> Callable[..., ft.Control]:
        module, name = self.screen.split(":")
        return cast(Callable[..., ft.Control], getattr(import_module(module), name))


_SCREENS = "goes_mobile.ui.screens"

# One line each, by path: Place("/people/:person", f"{_SCREENS}.people:PersonScreen", beside=True)
PLACES: tuple[Place, ...] = (
    Place("/", f"{_SCREENS}.today:TodayScreen"),
    Place("/record", f"{_SCREENS}.capture:RecordScreen", kind="form"),
    Place("/drafts/:draft", f"{_SCREENS}.capture:DraftScreen", kind="form"),
    Place("/new/group", f"{_SCREENS}.capture:GroupScreen", kind="form"),
    Place("/new/encounter/:person", f"{_SCREENS}.capture:PersonEncounterScreen", kind="form"),
    Place("/edit/encounter/:encounter", f"{_SCREENS}.capture:CorrectionScreen", kind="form"),
    Place("/outing", f"{_SCREENS}.outing:OutingScreen"),
    Place("/outing/:outing", f"{_SCREENS}.outing:EndedOutingScreen"),
    Place("/new/outing", f"{_SCREENS}.outing:DepartureScreen", kind="form"),
    Place("/tours", f"{_SCREENS}.tours:ToursScreen"),
    Place("/people", f"{_SCREENS}.people:PeopleScreen"),
    Place("/people/:person", f"{_SCREENS}.people:PersonScreen", beside=True),
    Place("/people/:person/history", f"{_SCREENS}.past:PersonPastScreen"),
    Place("/people/:person/view", f"{_SCREENS}.client:ClientScreen", kind="form"),
    Place("/people/:person/versions", f"{_SCREENS}.versions:PersonVersionsScreen"),
    Place("/people/:person/entry/:kind/:record", f"{_SCREENS}.entries:EntryScreen"),
    Place("/people/:person/entry/:kind/:record/history", f"{_SCREENS}.past:EntryPastScreen"),
    Place("/end/case/:case", f"{_SCREENS}.people:CaseEndScreen", kind="form"),
    Place("/new/entry/:kind/:person", f"{_SCREENS}.entries:NewPersonEntryScreen", kind="form"),
    Place("/edit/entry/:kind/:record", f"{_SCREENS}.entries:ChangeEntryScreen", kind="form"),
    Place("/people/:person/met/:encounter", f"{_SCREENS}.encounters:EncounterScreen"),
    Place("/people/:person/met/:encounter/history", f"{_SCREENS}.past:EncounterPastScreen"),
    Place("/people/:person/met/:encounter/versions", f"{_SCREENS}.versions:EncounterVersionsScreen"),
    Place("/encounters", f"{_SCREENS}.encounters:EncountersScreen"),
    Place("/encounters/:encounter", f"{_SCREENS}.encounters:EncounterScreen", beside=True),
    Place("/encounters/:encounter/history", f"{_SCREENS}.past:EncounterPastScreen"),
    Place("/encounters/:encounter/versions", f"{_SCREENS}.versions:EncounterVersionsScreen"),
    Place("/review", f"{_SCREENS}.review:ReviewScreen"),
    Place("/review/:record", f"{_SCREENS}.review:CaseScreen", beside=True),
    Place("/review/:record/history", f"{_SCREENS}.past:CasePastScreen"),
    Place("/figures", f"{_SCREENS}.figures:FiguresScreen"),
    Place("/lost", f"{_SCREENS}.lost:LostScreen"),
    Place("/explain/:reason/:person", f"{_SCREENS}.lost:ExplainScreen", kind="form"),
    Place("/tasks", f"{_SCREENS}.tasks:TasksScreen"),
    Place("/more/tasks", f"{_SCREENS}.tasks:MoreTasksScreen"),
    Place("/more/appointments", f"{_SCREENS}.appointments:AppointmentsScreen"),
    Place("/entry/:kind/:record", f"{_SCREENS}.entries:EntryScreen"),
    Place("/entry/:kind/:record/history", f"{_SCREENS}.past:EntryPastScreen"),
    Place("/new/task", f"{_SCREENS}.tasks:NewTaskScreen", kind="form"),
    Place("/new/task-for/:person", f"{_SCREENS}.tasks:NewTaskForScreen", kind="form"),
    Place("/search", f"{_SCREENS}.search:SearchScreen"),
    Place("/more", f"{_SCREENS}.more:MoreScreen"),
    Place("/more/materials", f"{_SCREENS}.materials:MaterialsScreen"),
    Place("/more/materials/:material", f"{_SCREENS}.materials:MaterialScreen"),
    Place("/more/materials/:material/history", f"{_SCREENS}.past:MaterialPastScreen"),
    Place("/more/concerns", f"{_SCREENS}.concerns:ConcernsScreen"),
    Place("/more/intake", f"{_SCREENS}.intake:IntakeScreen"),
    Place("/more/partners", f"{_SCREENS}.partners:PartnersScreen"),
    Place("/more/partners/:partner", f"{_SCREENS}.partners:PartnerScreen"),
    Place("/more/partners/:partner/history", f"{_SCREENS}.past:PartnerPastScreen"),
    Place("/new/entry/:kind", f"{_SCREENS}.entries:NewEntryScreen", kind="form"),
    Place("/more/settings", f"{_SCREENS}.settings:SettingsScreen"),
    Place("/more/about", f"{_SCREENS}.settings:AboutScreen"),
    Place("/more/members", f"{_SCREENS}.members:MembersScreen"),
    Place("/more/members/:member", f"{_SCREENS}.members:MemberScreen"),
    Place("/more/deletions", f"{_SCREENS}.deletion:DeletionsScreen"),
    Place("/more/calendar", f"{_SCREENS}.deletion:CalendarScreen"),
    Place("/more/accesses", f"{_SCREENS}.access:AccessesScreen"),
    Place("/people/:person/accesses", f"{_SCREENS}.access:PersonAccessesScreen"),
    Place("/share/:person", f"{_SCREENS}.sharing:OfferScreen", kind="form"),
    Place("/unshare/:person/:how", f"{_SCREENS}.sharing:LeaveScreen", kind="form"),
    Place("/delete/:kind/:record", f"{_SCREENS}.deletion:DeletionScreen", kind="form"),
    Place("/hold/:person", f"{_SCREENS}.deletion:HoldScreen", kind="form"),
    Place("/people/:person/disclosure", f"{_SCREENS}.deletion:DisclosureScreen"),
    Place("/new/secret", f"{_SCREENS}.settings:NewSecretScreen", kind="form"),
    Place("/new/invite", f"{_SCREENS}.members:InviteScreen", kind="form"),
    Place("/new/unlock", f"{_SCREENS}.helping:HelpScreen", kind="form"),
    Place("/new/keys", f"{_SCREENS}.helping:HandOutScreen", kind="form"),
    Place("/more/sync", f"{_SCREENS}.sync:SyncScreen"),
    Place("/more/sync/clock", f"{_SCREENS}.sync:ClockScreen"),
    Place("/more/sync/held", f"{_SCREENS}.sync:HeldScreen"),
    Place("/more/sync/late", f"{_SCREENS}.sync:LateScreen"),
    Place("/more/sync/versions", f"{_SCREENS}.sync:UndecidedScreen"),
    Place("/question/:review", f"{_SCREENS}.question:QuestionScreen", kind="form"),
    Place("/more/sync/versions/:kind/:record", f"{_SCREENS}.versions:UndecidedVersionsScreen"),
    Place("/versions/:kind/:record", f"{_SCREENS}.versions:RecordVersionsScreen"),
    Place("/new/person", f"{_SCREENS}.people:NewPersonScreen", kind="form"),
    Place("/edit/person/:person", f"{_SCREENS}.people:ChangePersonScreen", kind="form"),
    Place("/merge/:person", f"{_SCREENS}.people:MergeScreen", kind="form"),
    Place("/new/consent/:person", f"{_SCREENS}.people:NewConsentScreen", kind="form"),
)


class Item(NamedTuple):
    """One destination of the navigation: where it leads, its text key, its icon and the filled one."""

    path: str
    key: str
    icon: ft.IconData
    chosen_icon: ft.IconData


TODAY = Item("/", "nav.today", ft.Icons.TODAY_OUTLINED, ft.Icons.TODAY)
PEOPLE = Item("/people", "nav.people", ft.Icons.PEOPLE_OUTLINE, ft.Icons.PEOPLE)
RECORD = Item("/record", "nav.record", ft.Icons.ADD, ft.Icons.ADD)
OUTING = Item("/outing", "nav.outing", ft.Icons.AIRPORT_SHUTTLE_OUTLINED, ft.Icons.AIRPORT_SHUTTLE)
REVIEW = Item("/review", "nav.review", ft.Icons.FACT_CHECK_OUTLINED, ft.Icons.FACT_CHECK)
FIGURES = Item("/figures", "nav.figures", ft.Icons.INSERT_CHART_OUTLINED, ft.Icons.INSERT_CHART)
MORE = Item("/more", "nav.more", ft.Icons.MENU, ft.Icons.MENU)

NAVIGATION: dict[TeamRole, tuple[Item, ...]] = {
    "team": (TODAY, PEOPLE, RECORD, OUTING, MORE),
    "supervisor": (TODAY, REVIEW, PEOPLE, FIGURES, MORE),
}
SYNC_PATH = "/more/sync"


def active(items: tuple[Item, ...], location: str) -> Item:
    """The destination a location belongs to; what belongs to none belongs to "Mehr"."""
    if location in ("/", "/tasks", "/lost") or location.startswith("/versions/"):  # these are opened from *Heute*
        return items[0]
    location = "/outing" if location == "/tours" else location
    fitting = [i for i in items if i.path != "/" and (location == i.path or location.startswith(f"{i.path}/"))]
    return max(fitting, key=lambda i: len(i.path)) if fitting else items[-1]


def parent_of(place: Place, places: tuple[Place, ...]) -> Place | None:
    """The place one step up: the longest other path this one begins with."""
    above = [p for p in places if p.path != "/" and p is not place and place.path.startswith(f"{p.path}/")]
    return max(above, key=lambda p: len(p.path)) if above else None


def route_tree(
    places: tuple[Place, ...],
    *,
    stage: Callable[[Place], Any],
    pair: Callable[[Place], Any],
    pane: Callable[[Place], Any],
    unchosen: Callable[[Place], Any],
    beside: bool,
) -> list[ft.Route]:
    """Flet's route tree of the table. With `beside`, a list and all that lies below its details become one view."""

    def below(place: Place) -> list[Place]:
        return [p for p in places if parent_of(p, places) is place]

    def all_below(place: Place) -> list[Place]:
        return [deeper for child in below(place) for deeper in (child, *all_below(child))]

    def rest(place: Place, base: str) -> str:
        return place.path[len(base) :].lstrip("/")

    def route(place: Place, base: str) -> ft.Route:
        children = below(place)
        if beside and any(c.beside for c in children):
            # Side by side, not nested: each further level would be one more view of the same list, under the same name.
            details = [ft.Route(path=rest(p, place.path), component=partial(pane, p)) for p in all_below(place)]
            index = ft.Route(index=True, component=partial(unchosen, place))
            return ft.Route(
                path=rest(place, base), outlet=True, component=partial(pair, place), children=[index, *details]
            )
        return ft.Route(
            path=rest(place, base) or None,
            index=place.path == "/",
            component=partial(stage, place),
            modal=place.kind == "form" and base == "",
            children=[route(c, place.path) for c in children] or None,
        )

    return [route(place, "") for place in places if parent_of(place, places) is None]
