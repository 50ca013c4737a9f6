"""The report of a candidate as a page: the same for its owner and for the team."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from server.assessments.tables.decisions import CandidateReport
from server.assessments.tables.sittings import Sitting
from server.reports.signing import Signer, envelope, signer_of
from server.web.account.forms import form_page
from server.web.house import house
from server.web.markdown import render_inline

REPORT = "report/candidate.html"
STATES = {"passed": "passed", "failed": "failed", "crashed": "failed", "timed_out": "failed", "out_of_memory": "failed"}
AT_ONCE = 4  # characters of a fingerprint in a group


def signer() -> Signer:
    settings = house().settings
    return signer_of(settings.secret, settings.base_url)


def report_page(report: CandidateReport, sitting: Sitting, *, named: str, **context: Any) -> ResponseReturnValue:
    """`named`: shown in place of the candidate's name; empty shows the name."""
    return form_page(REPORT, **report_context(report, named), sitting=sitting, **context)


def report_context(report: CandidateReport, named: str = "") -> dict[str, Any]:
    document = json.loads(report.document)
    return {
        "report": document | ({"candidate": named} if named else {}),
        "issued_at": report.issued_at,
        "tones": STATES,
        "fingerprint": spaced(document["signed"]["key"]),
        "moment_of": datetime.fromisoformat,
        "inline": render_inline,
        "totals": [totals(task) for task in document["asked"]],
    }


def totals(task: dict[str, Any]) -> tuple[float, float]:
    """Points that machines gave of those that they could give."""
    return sum(check["points"] for check in task["checks"]), sum(check["possible"] for check in task["checks"])


def spaced(fingerprint: str) -> str:
    return " ".join(fingerprint[place : place + AT_ONCE] for place in range(0, len(fingerprint), AT_ONCE))


def report_file(report: CandidateReport) -> str:
    """What is downloaded, and what can be verified."""
    return envelope(report.document, report.signature)
