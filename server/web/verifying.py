"""Is a report genuine? For anybody who was given one: nothing of it is stored or looked up."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from server.reports.signing import LARGEST, Found, fingerprint_of, pem_of, verify_report
from server.web.limits import limiter
from server.web.pages import page
from server.web.report_view import signer, spaced

PAGE = "report/verify.html"

blueprint = Blueprint("reports", __name__)


@blueprint.get("/reports/key")
def show_key() -> ResponseReturnValue:
    """The public key and its fingerprint, as text for programs and people."""
    public = signer().public
    return Response(f"{pem_of(public)}fingerprint {fingerprint_of(public)}\n", mimetype="text/plain")


@blueprint.get("/reports/verify")
def show_verify() -> ResponseReturnValue:
    return page(PAGE, found=None, fingerprint=spaced(signer().fingerprint), pem=pem_of(signer().public))


@blueprint.post("/reports/verify")
@limiter.limit("60 per minute", methods=["POST"])
def send_verify() -> ResponseReturnValue:
    """422 for what is no report; one that is not genuine was asked about rightly."""
    found = verify_report(given(), signer().public)
    status = 422 if found.found is Found.unreadable else 200
    return page(PAGE, status, found=found, fingerprint=spaced(signer().fingerprint), pem=pem_of(signer().public))


def given() -> bytes:
    """The file, when one was chosen, else what was pasted."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return file.stream.read(LARGEST + 1)
    return request.form.get("report", "").encode(errors="replace")
