"""The gallery's own places: as many as the shell needs to show what it can."""

from goes_mobile.ui.routes import Place

_HERE = "goes_mobile.ui.screens.gallery"

PLACES: tuple[Place, ...] = (
    Place("/", f"{_HERE}.today:Today"),
    Place("/people", f"{_HERE}.people:People"),
    Place("/people/:person", f"{_HERE}.people:Person", beside=True),
    Place("/record", f"{_HERE}.record:Record", kind="form"),
    Place("/outing", f"{_HERE}.outing:Outing"),
    Place("/more", f"{_HERE}.blocks:Blocks"),
    Place("/more/sync", f"{_HERE}.blocks:Delivering"),
    Place("/form", f"{_HERE}.form:Form", kind="form"),
    Place("/more/pin", f"{_HERE}.blocks:Unlocking"),
)
