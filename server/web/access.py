"""Every route and who may use it. A route that is not in this table stops the start, and so does a line without a route.

A line stands for one method and one address. HEAD goes with GET.
"""

from enum import StrEnum

from flask import Flask, request

from server.assessments.sittings.sitting import NOT_HERE
from server.errors import NotAllowed, NotFound, SignInNeeded
from server.web.door import candidates_here, person, workers


class Who(StrEnum):
    ANYONE = "anyone"
    PERSON = "a guest or an account: whoever owns the thing asked for"
    WORKER = "whoever owns the notebook: a guest, an account or a candidate"
    CANDIDATE = "a candidate whose invitation was opened in this browser"
    ACCOUNT = "a signed-in account"
    OPERATOR = "an operator of this site"


ACCESS: dict[tuple[str, str], Who] = {
    ("GET", "/"): Who.ANYONE,
    ("GET", "/static/<path:filename>"): Who.ANYONE,
    ("GET", "/privacy"): Who.ANYONE,
    ("GET", "/accessibility"): Who.ANYONE,
    ("GET", "/keys"): Who.ANYONE,
    ("POST", "/theme"): Who.ANYONE,
    # accounts
    ("GET", "/sign-up"): Who.ANYONE,
    ("POST", "/sign-up"): Who.ANYONE,
    ("GET", "/sign-in"): Who.ANYONE,
    ("POST", "/sign-in"): Who.ANYONE,
    ("POST", "/sign-out"): Who.PERSON,
    ("GET", "/forgot"): Who.ANYONE,
    ("POST", "/forgot"): Who.ANYONE,
    ("GET", "/reset/<token>"): Who.ANYONE,
    ("GET", "/reset"): Who.ANYONE,
    ("POST", "/reset"): Who.ANYONE,
    ("GET", "/setup/<token>"): Who.ANYONE,
    ("GET", "/setup"): Who.ANYONE,
    ("POST", "/setup"): Who.ANYONE,
    ("GET", "/settings"): Who.PERSON,
    ("POST", "/settings/name"): Who.ACCOUNT,
    ("POST", "/settings/theme"): Who.PERSON,
    ("POST", "/settings/password"): Who.ACCOUNT,
    ("GET", "/settings/export"): Who.PERSON,
    ("POST", "/settings/export"): Who.PERSON,
    ("GET", "/settings/delete"): Who.PERSON,
    ("POST", "/settings/delete"): Who.PERSON,
    # the bank
    ("GET", "/exercises"): Who.ANYONE,
    # an exercise and its workspace
    ("GET", "/exercises/<slug>"): Who.ANYONE,
    ("POST", "/exercises/<slug>/start"): Who.ANYONE,
    ("GET", "/workspaces/<workspace_id>"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/save"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/run"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/delete"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/undelete"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/move"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/cells/<cell_id>/reset"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/reset"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/undo-reset"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/check"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/submit"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/hints"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/give-up"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/self-marks"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/render"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/interrupt"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/restart"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/complete"): Who.WORKER,
    ("POST", "/workspaces/<workspace_id>/inspect"): Who.WORKER,
    ("GET", "/workspaces/<workspace_id>/submissions"): Who.WORKER,
    ("GET", "/workspaces/<workspace_id>/submissions/<submission_id>"): Who.WORKER,
    ("GET", "/workspaces/<workspace_id>/download"): Who.WORKER,
    ("GET", "/workspaces/<workspace_id>/kernel"): Who.WORKER,
    # hiring teams; what a person may do in a team is in server/assessments/teams/rights.py
    ("GET", "/teams"): Who.ACCOUNT,
    ("POST", "/teams"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/name"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/profile"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/profile"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/profile/answers"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/invites"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/invites/<invite_id>/take-back"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/members/<person_id>/role"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/members/<person_id>/remove"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/log"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/log/export"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/retention"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/retention"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/incidents"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/incidents"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/incidents/quarantines/<quarantine_id>/lift"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/incidents/regrades/<regrade_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/incidents/regrades/<regrade_id>/go-on"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/incidents/regrades/<regrade_id>/apply"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/incidents/regrades/<regrade_id>/withdraw"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/erase"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/erase"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/skills"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/close"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/blueprint"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/blueprint/versions/<int:version>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/needs"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/needs/<need_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/needs/<need_id>/remove"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/needs/<need_id>/put-back"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/blueprint/exercises"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/tasks"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/tasks/<slug>/remove"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/tasks/<slug>/move"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/policies"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/publish"): Who.ACCOUNT,
    ("GET", "/invitation/<token>"): Who.ANYONE,
    ("GET", "/invitation"): Who.ANYONE,
    ("POST", "/invitation"): Who.ANYONE,
    # a candidate: looked up through the invitations that were opened in the browser
    ("GET", "/invitations/<candidate_id>"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/adjustment"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/decline"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/leave"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/start"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/start"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/room"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/room"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/tasks/<int:number>"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/clock"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/tasks/<int:number>/problem"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/tasks/<int:number>/problem"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/tasks/<int:number>/notebook"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/tasks/<int:number>/notebook"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/hand-in"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/hand-in"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/over"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/disclosure"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/receipt"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/receipt.txt"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/notebooks.zip"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/survey"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/data"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/data"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/data/erase"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/report"): Who.CANDIDATE,
    ("GET", "/invitations/<candidate_id>/report.json"): Who.CANDIDATE,
    ("POST", "/invitations/<candidate_id>/appeal"): Who.CANDIDATE,
    ("POST", "/teams/<team_id>/jobs/<job_id>/blueprint/preview"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/time"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/grant"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/pause"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/reopen"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/candidates/<candidate_id>/problems/<problem_id>"): Who.ACCOUNT,
    # who is invited, by name
    ("GET", "/teams/<team_id>/jobs/<job_id>/invitations"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations/csv"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/invitations/<candidate_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations/<candidate_id>/resend"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations/<candidate_id>/take-back"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations/<candidate_id>/window"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/invitations/<candidate_id>/adjustment"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/marking"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/marks"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/finish"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/reopen"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/reconcile"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/reconcile"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/unblind"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/marking/<sitting_id>/unblind"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/board"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/board/export"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/board.csv"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>/decision"): Who.ACCOUNT,
    ("POST", "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>/appeal"): Who.ACCOUNT,
    ("GET", "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>/report"): Who.ACCOUNT,
    ("GET", "/reports/key"): Who.ANYONE,
    ("GET", "/reports/verify"): Who.ANYONE,
    ("POST", "/reports/verify"): Who.ANYONE,
    ("GET", "/join/<token>"): Who.ANYONE,
    ("GET", "/join"): Who.ANYONE,
    ("POST", "/join"): Who.ACCOUNT,
}


class UndeclaredRoute(Exception):
    """A programming error, found at start."""


def install(app: Flask) -> None:
    app.before_request(_check)


def refuse_undeclared(app: Flask) -> None:
    routes = _routes(app)
    problems = [f"{method} {address} is a route without a line" for method, address in sorted(routes - ACCESS.keys())]
    problems += [f"{method} {address} is a line without a route" for method, address in sorted(ACCESS.keys() - routes)]
    if problems:
        raise UndeclaredRoute("The table in server/web/access.py and the routes differ:\n  " + "\n  ".join(problems))


def who_may() -> Who | None:
    """The rule of the current request; None when no route matched."""
    if request.url_rule is None:
        return None
    method = "GET" if request.method in ("HEAD", "OPTIONS") else request.method
    return ACCESS.get((method, request.url_rule.rule))


def _routes(app: Flask) -> set[tuple[str, str]]:
    rules = app.url_map.iter_rules()
    return {(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


def _check() -> None:
    rule = who_may()
    if rule is None or rule is Who.ANYONE:
        return
    if rule is Who.CANDIDATE and not candidates_here():
        raise NotFound(NOT_HERE)
    if rule is Who.CANDIDATE or (rule is Who.WORKER and workers()):
        return
    found = person()
    if found is None or (found.is_guest and rule in (Who.ACCOUNT, Who.OPERATOR)):
        raise SignInNeeded("Sign in to go on.")
    if rule is Who.OPERATOR and not found.is_operator:
        raise NotAllowed("Only an operator of this site may use this page.")
