"""A supervisor's verdicts and the authors' answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from goes_mobile.cli.commands import command
from goes_mobile.cli.session import Session
from goes_mobile.services import review as reviews
from goes_mobile.services.desk import Desk
from goes_mobile.state.profile import Profile
from goes_mobile.store.change import Change


class Verdict(StrEnum):
    approved = "approved"
    question = "question"
    returned = "returned"


@command()
def review(
    session: Session,
    record: Annotated[str, typer.Argument(help="The id of the record to review.", metavar="ID")],
    verdict: Annotated[Verdict, typer.Option("--verdict", help="What you say to it.")],
    comment: Annotated[str, typer.Option("--comment", help="Needed for a question and a return.")] = "",
) -> None:
    """Give a supervisor's verdict on the version this device shows.

    Example: goes-mobile review 0197… --verdict question --comment "Was this the first contact?"
    """

    async def work(profile: Profile) -> dict[str, Any]:
        saved = await profile.do(_verdict, record, verdict.value, comment)
        return {"id": saved[0].id, "record": record, "verdict": verdict.value}

    session.out.document(session.run(work), "Saved.")


def _verdict(desk: Desk, record: str, given: reviews.Verdict, comment: str) -> list[Change]:
    return reviews.verdict(desk, record, given, comment, kind=reviews.kind_of(desk, record))


@command()
def answer(
    session: Session,
    review: Annotated[str, typer.Argument(help="The id of the review that asks.", metavar="REVIEW_ID")],
    text: Annotated[str, typer.Argument(help="Your answer.", metavar="TEXT")],
) -> None:
    """Answer a supervisor's question on your own record.

    Example: goes-mobile answer 0197… "Yes, for the first time."
    """

    async def work(profile: Profile) -> dict[str, Any]:
        saved = await profile.do(reviews.answer, review, text)
        return {"id": saved[0].id, "review": review}

    session.out.document(session.run(work), "Saved.")


@command(name="review-queue")
def review_queue(session: Session) -> None:
    """List what waits for this supervisor's verdict.

    Example: goes-mobile review-queue
    """

    async def work(profile: Profile) -> reviews.Queue:
        return await profile.ask(reviews.queue)

    told = [
        {
            "kind": line.kind, "id": line.id, "at": line.at.isoformat(), "where": line.where, "state": line.state,
            "author": line.author.name if line.author else "",
        }
        for line in session.run(work).open
    ]  # fmt: skip
    session.out.document(
        told, "\n".join(f"{o['id']}  {o['state']:<9}  {o['author']}, {o['where']}" for o in told) or "Nothing waits."
    )


@command()
def questions(session: Session) -> None:
    """List what supervisors ask you about your records.

    Example: goes-mobile questions
    """

    async def work(profile: Profile) -> list[reviews.QuestionLine]:
        return await profile.ask(reviews.my_questions)

    told = [
        {
            "review": line.review, "kind": line.kind, "record": line.record, "at": line.at.isoformat(),
            "where": line.where, "verdict": line.verdict, "comment": line.comment,
            "asker": line.asker.name if line.asker else "",
        }
        for line in session.run(work)
    ]  # fmt: skip
    session.out.document(
        told, "\n".join(f"{q['review']}  {q['asker']}: {q['comment']}" for q in told) or "Nobody asks."
    )
