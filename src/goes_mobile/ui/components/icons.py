"""Which icon stands for what. Outlined, filled when selected."""

from __future__ import annotations

import flet as ft

I = ft.Icons  # noqa: E741

KINDS: dict[str, ft.IconData] = {
    "encounter": I.FORUM_OUTLINED,
    "outing": I.AIRPORT_SHUTTLE_OUTLINED,
    "young_person": I.PERSON_OUTLINED,
    "situation": I.SCHOOL_OUTLINED,
    "support": I.ROUTE_OUTLINED,
    "goal": I.FORMAT_QUOTE_OUTLINED,
    "task": I.TASK_ALT_OUTLINED,
    "referral": I.CALL_SPLIT_OUTLINED,
    "benefit": I.HANDSHAKE_OUTLINED,
    "absence": I.EVENT_BUSY_OUTLINED,
    "conference": I.GROUPS_OUTLINED,
    "consent": I.VERIFIED_USER_OUTLINED,
    "partner": I.HUB_OUTLINED,
    "material": I.FOLDER_OUTLINED,
    "document": I.DESCRIPTION_OUTLINED,
    "endangerment": I.HEALTH_AND_SAFETY_OUTLINED,
    "review": I.FACT_CHECK_OUTLINED,
    "outcome": I.FLAG_OUTLINED,
    "stop": I.PLACE_OUTLINED,
    "site": I.HOME_WORK_OUTLINED,
    "member": I.BADGE_OUTLINED,
    "participation": I.GROUP_ADD_OUTLINED,
    "review_answer": I.REPLY_OUTLINED,
}


def kind_icon(kind: str) -> ft.IconData:
    """The icon of a record kind; a kind this version does not know gets a neutral one."""
    return KINDS.get(kind, I.ARTICLE_OUTLINED)


MOODS: tuple[ft.IconData, ...] = (
    I.MOOD_BAD_OUTLINED,
    I.SENTIMENT_DISSATISFIED_OUTLINED,
    I.SENTIMENT_NEUTRAL_OUTLINED,
    I.SENTIMENT_SATISFIED_OUTLINED,
    I.MOOD_OUTLINED,
)
