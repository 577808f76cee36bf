"""What the learning job says of a candidate; the staff page has the words for each."""

from __future__ import annotations

import enum

#: The key of `ModelVersion.figures` under which a comparison stands.
LEARNED = "learned"
CANDIDATE, IN_FORCE = "candidate", "in force"


class Verdict(enum.StrEnum):
    TOO_FEW = "too_few"
    NO_BETTER = "no_better"
    COVERAGE_FALLS = "coverage_falls"
    BETTER = "better"
    #: Somebody put another version in force while this one was worked out.
    OVERTAKEN = "overtaken"


NOTES = {
    Verdict.NO_BETTER: "not published: no better than version {against} on later outcomes",
    Verdict.COVERAGE_FALLS: "not published: fewer offers or needs reach a first page",
    Verdict.BETTER: "published: better than version {against} on later outcomes",
    Verdict.OVERTAKEN: "not published: version {against}, which it was compared with, has gone",
}
