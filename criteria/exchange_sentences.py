"""What can be wrong with a workbook or a CASE package; beside `sentences`, which knows the faults of YAML."""

from typing import Literal

Severity = Literal["error", "warning"]

WORKBOOK: dict[str, tuple[Severity, str, str]] = {
    "workbook-kind": (
        "error",
        "Filen är ingen arbetsbok av slaget .xlsx ({guess}). Spara den som Excel-arbetsbok.",
        "The file is no .xlsx workbook ({guess}). Save it as an Excel workbook.",
    ),
    "workbook-broken": (
        "error",
        "Arbetsboken är trasig ({part}). Öppna den och spara den på nytt.",
        "The workbook is broken ({part}). Open it and save it again.",
    ),
    "workbook-large": (
        "error",
        "Arbetsboken är för stor: {what}, högst {most}.",
        "The workbook is too large: {what}, at most {most}.",
    ),
    "workbook-part": (
        "error",
        "Arbetsboken bär med sig {part}, som inte hör hemma i en standard. Spara en kopia utan det.",
        "The workbook carries {part}, which has no place in a standard. Save a copy without it.",
    ),
    "workbook-cannot": (
        "error",
        "En arbetsbok kan inte bära {what} som det är skrivet. Rätta standarden först.",
        "A workbook cannot carry {what} as it is written. Mend the standard first.",
    ),
    "sheet-merged": (
        "error",
        "Sammanslagna celler. Dela upp dem: varje rad behöver egna celler.",
        "Merged cells. Split them: every row needs cells of its own.",
    ),
    "sheet-hidden": (
        "error",
        "Bladet är dolt. Visa det, så att alla ser vad som läses in.",
        "The sheet is hidden. Show it, so that all see what is read.",
    ),
    "sheet-unknown": (
        "warning",
        "Bladet {name} hör inte till standarden och läses inte.{mend_sv}",
        "The sheet {name} is no part of a standard and is not read.{mend_en}",
    ),
    "sheet-missing": (
        "warning",
        "Bladet {name} saknas: allt som stod där är borttaget.",
        "The sheet {name} is missing: all that stood there is gone.",
    ),
    "sheet-repeated": (
        "error",
        "Bladet {name} finns två gånger.",
        "The sheet {name} is there twice.",
    ),
    "column-repeated": (
        "error",
        "Kolumnen {name} finns redan i {first}.",
        "The column {name} is already at {first}.",
    ),
    "column-unknown": (
        "warning",
        "Kolumnen {name} hör inte till bladet och läses inte.{mend_sv}",
        "The column {name} is no part of the sheet and is not read.{mend_en}",
    ),
    "column-missing": ("error", "Kolumnen {name} saknas på bladet.", "The sheet lacks the column {name}."),
    "cell-outside": (
        "error",
        "Innehåll utanför kolumnerna eller för långt ned. Flytta det eller ta bort det.",
        "Content outside the columns or too far down. Move it or remove it.",
    ),
    "cell-formula": (
        "error",
        "Formler läses inte. Klistra in värdet i stället.",
        "Formulas are not read. Paste the value instead.",
    ),
    "cell-error": ("error", "Cellen visar ett fel ({value}).", "The cell shows an error ({value})."),
    "cell-empty": (
        "error",
        "Cellen är tom men måste fyllas i ({name}).",
        "The cell is empty but must be filled in ({name}).",
    ),
    "cell-flag": ("error", "Skriv ja eller nej, inte {value}.", "Write yes or no, not {value}."),
    "cell-not-number": ("error", "{value} är inget tal som duger här.", "{value} is no number that will do here."),
    "cell-number": (
        "error",
        "{value} är inskrivet som tal, och då går en nolla på slutet förlorad. Skriv det som text: börja med '.",
        "{value} is typed as a number, and then a final zero is lost. Write it as text: begin with '.",
    ),
    "row-owner": (
        "error",
        "Raden hör till {what} {id}, som inte finns.{mend_sv}",
        "The row belongs to {what} {id}, which does not exist.{mend_en}",
    ),
    "reuse-edited": (
        "error",
        (
            "Modulen {module} är hämtad ur {standard} {edition} men ändrad här. Återställ den, eller töm kolumnerna "
            "origin.* för att göra den till standardens egen."
        ),
        (
            "Module {module} is taken from {standard} {edition} but was changed here. Restore it, or empty the columns "
            "origin.* to make it this standard's own."
        ),
    ),
}
"""Faults of a workbook."""

CASE: dict[str, tuple[Severity, str, str]] = {
    "json": ("error", "Filen går inte att läsa som JSON: {problem}.", "The file cannot be read as JSON: {problem}."),
    "case-missing": ("error", "{key} saknas.", "{key} is missing."),
    "case-kind": ("error", "Här ska stå {wanted}.", "This should be {wanted}."),
    "case-repeated": (
        "error",
        "Beteckningen {id} används redan i {first}.",
        "The identifier {id} is already used at {first}.",
    ),
    "case-unknown": (
        "error",
        "Kopplingen pekar på {id}, som inte finns i paketet.",
        "The association points at {id}, which is not in the package.",
    ),
    "case-circle": ("error", "{id} ligger inuti sig själv.", "{id} lies inside itself."),
    "case-deep": ("error", "För många nivåer i varandra.", "Nested too deep."),
    "case-second-parent": (
        "warning",
        "{id} ligger på flera ställen. Bara det första är kvar.",
        "{id} lies in several places. Only the first is kept.",
    ),
    "case-loose": (
        "warning",
        "{id} ligger ingenstans i trädet och är lagd överst.",
        "{id} is nowhere in the tree and was put at the top.",
    ),
    "case-dropped": (
        "warning",
        "{count} kopplingar av slaget {kind} ryms inte i en standard och följer inte med.",
        "{count} associations of kind {kind} have no place in a standard and are left behind.",
    ),
    "case-filled": (
        "warning",
        "Paketet säger inget om {what}: förslag är ifyllda. Gå igenom dem.",
        "The package says nothing about {what}: proposals were filled in. Go through them.",
    ),
    "case-language": (
        "warning",
        "Paketet säger inte vilket språk det är på. Texterna är tagna som {tag}.",
        "The package does not tell its language. The texts are taken as {tag}.",
    ),
    "case-untranslated": (
        "warning",
        "Texterna är på {tag}. Den svenska texten är märkt [{tag}] tills den är översatt.",
        "The texts are in {tag}. The Swedish text is marked [{tag}] until it is translated.",
    ),
}
"""Faults of a CASE package; the place is a JSON pointer."""

EXCHANGE = WORKBOOK | CASE
