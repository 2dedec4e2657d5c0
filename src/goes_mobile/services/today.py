"""*Heute*: what waits for me, and what is running."""

from __future__ import annotations

from dataclasses import dataclass

from goes_mobile.services import appointments, capture, concerns, conflicts, lost, outing, review, sharing, tasks
from goes_mobile.services.appointments import AppointmentLine
from goes_mobile.services.concerns import ConcernLine
from goes_mobile.services.conflicts import RecordLine
from goes_mobile.services.desk import Desk
from goes_mobile.services.lost import LostLine
from goes_mobile.services.outing import OutingView


@dataclass(frozen=True, slots=True)
class Today:
    """``answers`` and ``review_open`` are for supervisors: answers to their questions, records to check."""

    outing: OutingView | None
    lost: list[LostLine]
    """Niemand geht verloren. What stands here stands nowhere else: neither as a task that is due nor as an offer."""
    appointments: list[AppointmentLine]
    due: list[tasks.TaskLine]
    questions: list[review.QuestionLine]
    answers: list[review.QueueLine]
    drafts: list[capture.DraftLine]
    conflicts: list[RecordLine]
    review_open: int
    offers: list[sharing.ReferralView]
    """Files that other sites offer, and what became of files that are shared with others."""
    concerns: list[ConcernLine]
    """Reported and not decided on; for supervisors."""

    @property
    def quiet(self) -> bool:
        """Nothing waits."""
        asked = self.questions or self.answers or self.conflicts or self.offers or self.lost or self.concerns
        return not (self.appointments or self.due or self.drafts or self.review_open or asked)


def overview(desk: Desk) -> Today:
    waiting = review.queue(desk)
    missing = lost.lines(desk)
    told = {line.record for line in missing}
    return Today(
        outing.running(desk),
        missing,
        appointments.soon(desk),
        [task for task in tasks.due_now(desk) if task.id not in told],
        review.my_questions(desk),
        [line for line in waiting.open if line.state == "answered"],
        capture.draft_lines(desk),
        conflicts.all_open(desk),
        waiting.open_total,
        [offer for offer in sharing.news(desk) if offer.id not in told],
        concerns.undecided(desk),
    )
