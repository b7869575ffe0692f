"""What the workbook says to those who edit it: the first sheet, and the note behind every header."""

from criteria.sheets import Field, Layout

PAGE = "Läs mig · Read me"
INSTRUCTIONS = [  # each pair is Swedish, English
    ("Så här arbetar du i boken", "How to work in this book"),
    (
        (
            "Ett blad per slag: standard, moduler, läranderesultat, kriterier, uppgifter och så vidare. Peka på en "
            "rubrik för att läsa vad kolumnen är till."
        ),
        (
            "One sheet per kind: standard, modules, outcomes, criteria, facts and so on. Point at a header to read "
            "what the column is for."
        ),
    ),
    (
        (
            "De första kolumnerna säger var raden hör hemma: ett kriterium nämner sitt läranderesultat, en uppgift "
            "sitt kriterium."
        ),
        "The first columns say where a row belongs: a criterion names its outcome, a fact its criterion.",
    ),
    (
        "Radernas ordning är ordningen i standarden. Tomma rader, färger och egna kolumner gör ingenting.",
        "The order of rows is the order in the standard. Empty rows, colours and columns of your own do no harm.",
    ),
    (
        (
            "Beteckningar (grå) är låsta: byts de ut är det ett annat kriterium. För nya rader, eller för att ta bort "
            "rader: Granska, Ta bort bladets skydd. Det finns inget lösenord."
        ),
        (
            "Ids (grey) are locked: with another id it is another criterion. For new rows, or to delete rows: Review, "
            "Unprotect sheet. There is no password."
        ),
    ),
    (
        "Flera värden i en cell skiljs med komma: OBS, PRA. En gräns är ett tal eller parameter: beteckning.",
        "Several values in one cell are separated by commas: OBS, PRA. A limit is a number or parameter: id.",
    ),
    (
        "Texten står på varje språk i en egen kolumn. Radbrytning i en cell: Alt+Enter.",
        "Each language has a column of its own. New line in a cell: Alt+Enter.",
    ),
    (
        "Formler, sammanslagna celler och dolda blad läses inte in; felet nämner blad, rad och kolumn.",
        "Formulas, merged cells and hidden sheets are refused; the fault names sheet, row and column.",
    ),
    (
        "Tillbaka: intyga criteria import BOK.xlsx -o NY.yaml --onto GAMMAL.yaml visar först vad som skiljer.",
        "Back again: intyga criteria import BOOK.xlsx -o NEW.yaml --onto OLD.yaml first shows what differs.",
    ),
]
"""Swedish and English, side by side."""

_FORMS = {
    "text": ("text", "text"),
    "words": ("text, en kolumn per språk", "text, one column per language"),
    "choice": ("välj ur listan", "choose from the list"),
    "flag": ("yes eller no (ja, nej duger)", "yes or no"),
    "whole": ("heltal", "whole number"),
    "number": ("tal", "number"),
    "limit": ("tal eller parameter: beteckning", "number or parameter: id"),
    "list": ("ett eller flera, med komma emellan", "one or more, separated by commas"),
    "list-or-word": ("all, any eller beteckningar med komma emellan", "all, any or ids separated by commas"),
}


def header_help(layout: Layout, name: str, field: Field | None) -> str:
    """What the column is, in Swedish and English."""
    if field is None:
        return f"{name}: beteckningen på det som raden hör till.\n{name}: id of what the row belongs to."
    sv, en = _FORMS[field.form]
    need_sv, need_en = ("måste fyllas i", "required") if field.required else ("frivilligt", "optional")
    lines = [f"{name}: {sv}; {need_sv}.", f"{name}: {en}; {need_en}."]
    if field.choices:
        lines.append(" | ".join(field.choices))
    if field.default not in (None, ()):
        lines.append(f"tom = blank = {_shown(field.default)}")
    if field.tags:
        lines.append(f"bara, only: {', '.join(field.tags)}")
    if field.help:
        lines.append(field.help)
    if layout.help and name in (layout.own, "format", "system", "name"):
        lines.append(layout.help)
    return "\n".join(lines)


def _shown(default: object) -> str:
    return ("yes" if default else "no") if isinstance(default, bool) else str(default)
