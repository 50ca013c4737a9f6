"""What the product refuses to do, and why.

Refusal                     a sentence for the person, a code for programs
├── NotFound                it does not exist, or not for this person: both look the same
├── NotAllowed              this person may not do this
├── SignInNeeded            nobody is signed in
├── Conflict                somebody else was faster, or the thing is in another state by now
├── Invalid                 what was sent has errors; in a form each names its field
├── TooMany                 a limit was reached; says how long to wait
└── Unavailable             our own machinery is not there just now; never the person's fault

The doors turn a refusal into an HTTP status or an exit code; nothing below them knows one.
"""

from collections.abc import Mapping


class Refusal(Exception):
    code = "refused"

    def __init__(self, sentence: str, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code


class NotFound(Refusal):
    code = "not_found"


class NotAllowed(Refusal):
    code = "not_allowed"


class SignInNeeded(Refusal):
    code = "sign_in_needed"


class Conflict(Refusal):
    code = "conflict"


class Invalid(Refusal):
    """`errors` maps a form's field to the sentence shown beside it, in the order of the form; empty outside forms."""

    code = "invalid"

    def __init__(self, sentence: str, errors: Mapping[str, str] | None = None, code: str | None = None) -> None:
        super().__init__(sentence, code)
        self.errors = dict(errors or {})

    @classmethod
    def fields(cls, errors: Mapping[str, str]) -> "Invalid":
        return cls(" ".join(f"{sentence.rstrip('.')}." for sentence in errors.values()), errors)


class TooMany(Refusal):
    code = "too_many"

    def __init__(self, sentence: str, wait_seconds: int, code: str | None = None) -> None:
        super().__init__(sentence, code)
        self.wait_seconds = wait_seconds


class Unavailable(Refusal):
    """Our own machinery is not there just now; says that work is safe and whether trying again helps."""

    code = "unavailable"
