"""A county is configuration: sites, stops, partners, rules and added codes in one file, never code."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from goes_mobile.protocol.ids import site_id
from goes_mobile.records import assets
from goes_mobile.records.codes import Label
from goes_mobile.records.refusals import FieldRefused

Name = Annotated[str, Field(min_length=1, max_length=200)]
ShortName = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hours(_Strict):
    """A weekly time. ``weekday``: 1 Monday … 7 Sunday."""

    weekday: Annotated[int, Field(ge=1, le=7)]
    starts: Clock
    ends: Clock

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts >= self.ends:
            raise ValueError("ends before it starts")
        return self


class Site(_Strict):
    """A Jugendbüro, the Workmobil, a youth office."""

    short: ShortName
    name: Name
    kind: str
    municipality: str
    hours: tuple[Hours, ...] = ()

    @property
    def id(self) -> str:
        """The same on every device, from the short name."""
        return site_id(self.short)


class Stop(_Strict):
    """A place the mobile site comes to."""

    name: Name
    municipality: str
    site: ShortName
    times: tuple[Hours, ...] = ()


class Partner(_Strict):
    """An office or organisation of the network."""

    name: Name
    kind: str


class Retention(_Strict):
    """How long a kind of record is kept; a proposal, which a supervisor releases."""

    kind: str
    months: Annotated[int, Field(ge=1, le=600)]
    counted_from: Literal["created", "changed", "last_contact", "case_closed"]


class Preset(_Strict):
    """Everything that makes a county."""

    name: ShortName
    title: Name
    county: Name
    state: Name
    municipality_key: Annotated[str, Field(pattern=r"^\d{5}$")]
    programme: Name
    municipalities: Annotated[tuple[str, ...], Field(min_length=1)]
    sites: Annotated[tuple[Site, ...], Field(min_length=1)]
    stops: tuple[Stop, ...] = ()
    partners: tuple[Partner, ...] = ()
    materials: tuple[Name, ...] = ()
    work_forms: Annotated[tuple[str, ...], Field(min_length=1)]
    age_from: int = 14
    age_to: int = 27
    lost_after_weeks: Annotated[int, Field(ge=1, le=52)] = 6
    """Without contact for so long, somebody may be getting lost."""
    grace_weeks: Annotated[int, Field(ge=0, le=12)] = 1
    """After so long the supervisor hears of it too."""
    arrival_days: Annotated[int, Field(ge=1, le=365)] = 14
    """Until then it must be known whether a referral arrived."""
    offer_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Until then a file that was offered to another site must be accepted or declined there."""
    outcome_days: tuple[int, ...] = (28, 183)
    """Days after the exit on which the outcome is asked for."""
    guardian_under: Annotated[int, Field(ge=0, le=21)] = 15
    """Below this age a guardian consents too."""
    small_cell: Annotated[int, Field(ge=2, le=50)] = 5
    """Counts below this are not shown in reports."""
    lease_days: Annotated[int, Field(ge=1, le=365)] = 30
    retention: tuple[Retention, ...] = ()
    anonymous_residue: bool = False
    """Whether coarse anonymous figures stay when a file is erased."""
    codes: dict[str, dict[str, Label]] = Field(default_factory=dict)
    retired: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    figures: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Yearly figures the county publishes, to set one's own beside."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        shorts = [site.short for site in self.sites]
        if len(set(shorts)) != len(shorts):
            raise ValueError("two sites share a short name")
        places: list[Site | Stop] = [*self.sites, *self.stops]
        for place in places:
            if place.municipality not in self.municipalities:
                raise ValueError(f"{place.name}: {place.municipality} is not in the county")
        for stop in self.stops:
            if stop.site not in shorts:
                raise ValueError(f"{stop.name}: there is no site {stop.site}")
        return self

    def site(self, short: str) -> Site:
        """The site of that short name, or a refusal."""
        for site in self.sites:
            if site.short == short:
                return site
        raise FieldRefused("site", "unknown_site", known=", ".join(site.short for site in self.sites))

    def site_of(self, site: str) -> Site | None:
        """The site of that id, if the county has it."""
        return next((found for found in self.sites if found.id == site), None)


def names() -> list[str]:
    """The presets that come with the program."""
    return sorted(path.stem for path in (assets.directory() / "presets").glob("*.json"))


@cache
def preset(name: str) -> Preset:
    """The preset of that name."""
    if name not in names():
        raise FieldRefused("preset", "unknown_preset", known=", ".join(names()))
    return parse(assets.read(f"presets/{name}.json"))


def load(path: Path) -> Preset:
    """A county's own file."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise FieldRefused("preset", "preset_unreadable", reason=type(error).__name__) from None


def parse(text: str) -> Preset:
    """A preset from JSON; refused with the place and the reason."""
    try:
        return Preset.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "preset"
        raise FieldRefused(place, "preset_unfit", reason=first["msg"]) from None
