"""Every act that the log of a team can hold, as a sentence after the name of whoever did it. One table; a test finds acts without
a line in it."""

from __future__ import annotations

from collections.abc import Mapping

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "The team": {
        "team.create": "made the team",
        "team.rename": "changed the name of the team",
        "team.profile": "placed the organisation: {archetype}",
        "team.retention": "set how long candidates are kept: {days} days, before {before}",
        "member.invite": "invited somebody into the team as {role}",
        "member.take_back": "took an invitation into the team back",
        "member.join": "joined the team as {role}",
        "member.decline": "declined to join the team",
        "member.role": "changed what {person} may do: from {from} to {to}",
        "member.remove": "took {person} out of the team",
        "log.export": "exported the log",
    },
    "Jobs and blueprints": {
        "job.open": "described {job}",
        "job.reword": "changed the words of {job}",
        "job.skills": "sorted what {job} asks for: musts and wishes",
        "job.close": "closed {job}",
        "blueprint.draft": "began {blueprint}",
        "blueprint.choose": "chose {exercise} for {blueprint}",
        "blueprint.drop": "took {exercise} out of {blueprint}",
        "blueprint.move": "changed the order of exercises in {blueprint}",
        "blueprint.policies": "changed what {blueprint} promises to candidates",
        "blueprint.preview": "previewed {blueprint} as a candidate",
        "blueprint.publish": "published {blueprint}",
        "need.add": "added a need to {blueprint}",
        "need.change": "changed a need of {blueprint}",
        "need.remove": "removed a need from {blueprint}",
        "need.put_back": "put a need back into {blueprint}",
    },
    "Invitations": {
        "invitations.look": "looked at who is invited to {job}, by name",
        "candidate.invite": "invited {candidate}",
        "candidate.mail": "sent the mail to {candidate}",
        "candidate.bounce": "found that the mail to {candidate} did not arrive",
        "candidate.resend": "had the mail sent to {candidate} again",
        "candidate.take_back": "took the invitation of {candidate} back",
        "candidate.window": "changed the window or the time of {candidate}",
        "candidate.open": "opened the invitation",
        "candidate.ask_adjustment": "asked for an adjustment",
        "candidate.answer_adjustment": "answered {candidate}, who asked for an adjustment",
        "candidate.decline": "declined to take part",
        "candidate.undecline": "wants to take part after all",
    },
    "Take-homes": {
        "sitting.start": "began the take-home",
        "sitting.hand_in": "handed in{by}",
        "sitting.problem": "reported a problem with {exercise}",
        "sitting.disclose": "said which AI tools were used",
        "sitting.grant": "gave {sitting} {minutes} minutes more",
        "sitting.pause": "stopped the clock of {sitting}",
        "sitting.go_on": "let the clock of {sitting} go on",
        "sitting.reopen": "opened the take-home of {sitting} again: until {until}",
        "sitting.answer_problem": "answered a problem that {sitting} reported",
    },
    "Marking": {
        "sitting.look": "looked at the work of {sitting}",
        "sitting.unblind": "was shown who {sitting} is, with a reason",
        "marking.begin": "began to mark {sitting}",
        "marking.notes": "wrote notes about the work of {sitting}",
        "marking.finish": "finished marking {sitting}",
        "marking.reopen": "took up the marking of {sitting} again",
        "mark.give": "gave a level to {sitting}: {exercise}",
        "mark.undo": "took a level of {sitting} back: {exercise}",
        "mark.reconcile": "settled a line of {sitting} on which two markers differed: {exercise}",
    },
    "Decisions": {
        "board.export": "exported the board of {job}",
        "decision.record": "decided about {sitting}: {outcome}",
        "report.issue": "had the report of {sitting} signed",
        "appeal.ask": "asked for a second look",
        "appeal.answer": "answered {sitting}, who asked for a second look",
    },
    "Incidents": {
        "quarantine.begin": "took {exercise} out of use: its points count for nobody",
        "quarantine.lift": "put {exercise} to use again: its points count",
        "regrade.propose": "had take-homes with {exercise} graded again for trial",
        "regrade.resume": "had what could not be graded of {exercise} tried once more",
        "regrade.apply": "made new results of {exercise} count: {effects}",
        "regrade.withdraw": "dropped the new results of {exercise}",
        "regrade.mail": "told {candidate} that {exercise} was graded again",
    },
    "Data of candidates": {
        "candidate.export": "downloaded everything that is kept",
        "candidate.erase": "erased everything that was kept of {candidate}{why}",
    },
}
ACTS = {act: sentence for acts in SENTENCES.values() for act, sentence in acts.items()}
SOMETHING = {
    "archetype": "a kind of organisation",
    "blueprint": "a blueprint",
    "by": "",
    "candidate": "a candidate",
    "effects": "those that were looked at",
    "exercise": "an exercise",
    "job": "a job",
    "minutes": "some",
    "person": "somebody",
    "role": "a member",
    "sitting": "a candidate",
    "why": "",
}


def say(act: str, words: Mapping[str, str]) -> str:
    """What was done; what is not known any more is left open."""
    return ACTS.get(act, act).format_map(_OrOpen({**SOMETHING, **words}))


def label(act: str) -> str:
    """The act by itself, to choose it from a list."""
    sentence = say(act, {}).partition(":")[0]
    return sentence[:1].upper() + sentence[1:]


class _OrOpen(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "…"
