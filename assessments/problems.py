"""Every refusal of the house: a family (what the doors answer) and a stable code (what never changes)."""


class ProblemError(Exception):
    """Something cannot be done, and the person is told why."""

    code = "problem"
    sv = "Det gick inte."
    en = "That could not be done."

    def __init__(self, **details: object) -> None:
        self.details = details
        super().__init__(f"{self.code} {details}" if details else self.code)


class InvalidError(ProblemError):
    """What was sent is malformed; nothing of it was kept."""

    code = "invalid"
    sv = "Det som skickades är felaktigt. Inget av det har sparats."
    en = "What was sent is malformed. Nothing of it was saved."


class ConflictError(ProblemError):
    """It contradicts what is already there."""

    code = "conflict"
    sv = "Det går inte ihop med det som redan finns."
    en = "It contradicts what is already there."


class MissingError(ProblemError):
    """There is no such thing, or not for you: the two are never told apart."""

    code = "missing"
    sv = "Det finns inte, eller så har du inte tillgång till det."
    en = "It does not exist, or you have no access to it."


class ForbiddenError(ProblemError):
    """The person may not do this."""

    code = "forbidden"
    sv = "Du får inte göra detta."
    en = "You may not do this."


class InvalidEventsError(InvalidError):
    """A batch of events has faults; `faults` lists (place, sentence)."""

    code = "invalid-events"
    sv = "Uppgifterna har fel. Inget av dem har sparats."
    en = "The entries have faults. None of them was saved."


class LoosenedParameterError(InvalidError):
    """A provider may tighten a limit, never loosen it."""

    code = "parameter-loosened"
    sv = "En gräns får skärpas men aldrig lättas."
    en = "A limit may be tightened, never loosened."


class WrongStateError(ConflictError):
    """The case is not in a state where this can be done."""

    code = "wrong-state"
    sv = "Ärendet är inte i ett läge där detta kan göras."
    en = "The case is not in a state where this can be done."


class PracticeError(ConflictError):
    """A practice case never becomes an award."""

    code = "practice"
    sv = "Det här är ett övningsärende. Det kan inte beslutas och blir aldrig ett bevis."
    en = "This is a practice case. It cannot be decided and never becomes a certificate."


class ChangedMeanwhileError(ConflictError):
    """Somebody acted after the page was shown."""

    code = "changed-meanwhile"
    sv = "Ärendet har ändrats sedan sidan visades. Läs igenom det nya och försök igen."
    en = "The case has changed since the page was shown. Read the news and try again."


class EventChangedError(ConflictError):
    """The same event id came with other content."""

    code = "event-changed"
    sv = "Samma händelse kom två gånger med olika innehåll."
    en = "The same event came twice with different content."


class SamePersonError(ForbiddenError):
    """Quality assurance is done by a person who judged nothing in the case."""

    code = "same-person"
    sv = "Den som har bedömt i ärendet kan inte kvalitetssäkra det."
    en = "A person who has judged in the case cannot quality-assure it."


class PaperFirstError(ForbiddenError):
    """A paper that the standard asks for before the start was not seen, or does not hold; `papers` are their ids."""

    code = "paper-first"
    sv = "Kandidatens behörighet måste vara sedd och giltig innan något bedöms i modulen."
    en = "The candidate's prerequisite must be seen and valid before anything is judged in the module."


class NoGrantError(ForbiddenError):
    """The provider has no valid right to issue this standard."""

    code = "no-grant"
    sv = "Valideringsleverantören har ingen gällande utfärdanderätt för standarden."
    en = "The provider has no valid right to issue this standard."


class NothingAchievedError(ConflictError):
    """There is no module to award."""

    code = "nothing-achieved"
    sv = "Ingen modul är uppnådd, så det finns inget att fastställa."
    en = "No module is achieved, so there is nothing to award."


class MotivationMissingError(InvalidError):
    """Each outcome needs a written motivation before a decision."""

    code = "motivation-missing"
    sv = "Varje läranderesultat behöver en skriven motivering."
    en = "Every learning outcome needs a written motivation."
