"""What Prometheus is told. No label ever names an organisation, a device or a person."""

from __future__ import annotations

import os

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from goes_mobile.protocol import wire

CONTENT_TYPE = CONTENT_TYPE_LATEST
SEVERAL_WORKERS = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One registry per application, so that two in one process do not mix; several workers add up through files."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        r = self.registry
        self.requests = Counter("goes_requests", "Requests by resource and status", ["resource", "status"], registry=r)
        self.seconds = Histogram(
            "goes_request_seconds", "Duration of requests (pulls that wait: with the wait)", ["resource"],
            buckets=_BUCKETS, registry=r,
        )  # fmt: skip
        self.entries = Counter("goes_entries", "Entries by what became of them", ["outcome"], registry=r)
        self.problems = Counter("goes_problems", "Answers that said no, by code", ["code"], registry=r)
        self.polls = Gauge("goes_waiting_polls", "Pulls that wait", registry=r, multiprocess_mode="livesum")

    def count_push(self, answer: wire.PushAnswer, new: int) -> None:
        self.entries.labels("taken").inc(new)
        self.entries.labels("refused").inc(len(answer.refused))
        self.entries.labels("unknown").inc(len(answer.unknown))
        self.entries.labels("unread").inc(len(answer.unread))

    def text(self) -> bytes:
        if SEVERAL_WORKERS not in os.environ:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
