"""What the journal's actions are called."""

from __future__ import annotations

from typing import Final

from evenload.words import Words, message

ACTIONS: Final = {
    "access.account_created": message("Account created"),
    "access.account_off": message("Account switched off"),
    "access.account_on": message("Account switched on again"),
    "access.denied": message("Refused: not allowed"),
    "access.password_given": message("First password given"),
    "access.practitioner_linked": message("Said which practitioner an account is"),
    "access.roles_changed": message("Roles changed"),
    "access.sessions_ended": message("Sessions ended"),
    "account.first_director": message("Installation begun"),
    "account.password_changed": message("Password changed"),
    "account.signed_in": message("Signed in"),
    "account.signed_out": message("Signed out"),
    "desk.see": message("Looked at the desk"),
    "draft.ban": message("Kept a practitioner from a unit"),
    "draft.hand_over": message("Handed a caseload over in the draft"),
    "draft.move": message("Moved a unit in the draft"),
    "draft.open": message("Began a draft"),
    "draft.pin": message("Pinned a unit in the draft"),
    "draft.solve": message("Took a plan into the draft"),
    "draft.unban": message("Let a practitioner have a unit again"),
    "draft.undo": message("Undid a change of the draft"),
    "draft.unpin": message("Unpinned a unit in the draft"),
    "edition.publish": message("Published an edition"),
    "edition.written": message("Wrote an edition to the shared drive"),
    "exception.end": message("Ended a French exception"),
    "exception.record": message("Recorded a French exception"),
    "exception.see": message("Looked at French exceptions"),
    "example.delete": message("Deleted an example program"),
    "export.make": message("Took the program's workbook out"),
    "hours.apply": message("Hours that were taken up began"),
    "hours.decline": message("Declined hours that were offered"),
    "hours.offer": message("Offered weekly hours"),
    "hours.take": message("Took up hours that were offered"),
    "hours.withdraw": message("Took an offer of hours back"),
    "import.confirm": message("Took a file into the records"),
    "import.discard": message("Discarded a file"),
    "import.preview": message("Read a file for a preview"),
    "journal.exported": message("Took journal lines out"),
    "journal.verified": message("Checked the journal"),
    "leave.cancel": message("Cancelled leave"),
    "leave.seen": message("Saw who is away"),
    "leave.tell": message("Told leave"),
    "list.download": message("Took a list's file out"),
    "list.see": message("Looked at an assignment list"),
    "load.say": message("Said how the load feels"),
    "map.see": message("Looked at the map"),
    "offer.accept": message("Accepted an offer"),
    "offer.answer": message("Looked at offers"),
    "offer.conditions": message("Answered an offer with conditions"),
    "offer.confirm": message("Confirmed an acceptance"),
    "offer.decline": message("Declined an offer"),
    "offer.expire": message("An offer expired unanswered"),
    "offer.give_back": message("Withdrew an acceptance"),
    "offer.make": message("Offered a unit"),
    "offer.see": message("Looked at the offers sent"),
    "offer.withdraw": message("Withdrew an offer"),
    "plan.ask": message("Asked for a plan"),
    "plan.cancel": message("Cancelled a plan"),
    "program.create": message("Created a program"),
    "record.see": message("Looked at an edition's decision record"),
    "talk.agree": message("Agreed in a load conversation"),
    "talk.escalate": message("A load conversation went on to the director"),
    "talk.settle": message("Settled a load conversation"),
    "team.see": message("Looked at the team"),
    "unit.left_waiting": message("Left a unit waiting, with a reason"),
    "unit.see": message("Looked at a unit and its candidates"),
}


def action_name(words: Words, action: str) -> str:
    """The action in words; a code without a name is shown as it is."""
    name = ACTIONS.get(action)
    return words.say(name) if name else action
