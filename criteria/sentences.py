"""Every fault a criteria file or its situations can have: severity, Swedish, English. The one list of codes."""

from typing import Literal

from criteria.exchange_sentences import EXCHANGE

Severity = Literal["error", "warning"]

FORM: dict[str, tuple[Severity, str, str]] = {
    "file-size": (
        "error",
        "Filen är större än {most} byte. Dela upp den.",
        "The file is larger than {most} bytes. Split it.",
    ),
    "file-empty": ("error", "Filen är tom.", "The file is empty."),
    "file-encoding": (
        "error",
        "Filen är inte UTF-8 (ser ut som {guess}). Spara den som UTF-8.",
        "The file is not UTF-8 (it looks like {guess}). Save it as UTF-8.",
    ),
    "file-bom": (
        "warning",
        "Filen börjar med en byteordningsmarkering. Spara som UTF-8 utan BOM.",
        "The file starts with a byte order mark. Save as UTF-8 without BOM.",
    ),
    "file-line-ends": (
        "warning",
        "Filen har Windows radslut (CRLF). Spara med LF.",
        "The file has Windows line ends (CRLF). Save with LF.",
    ),
    "character": (
        "error",
        "Otillåtet osynligt tecken {character}. Ta bort det.",
        "Forbidden invisible character {character}. Remove it.",
    ),
    "tab": ("error", "Tabb i indraget. Använd blanksteg.", "A tab in the indentation. Use spaces."),
    "depth": ("error", "För många nivåer i varandra (högst {most}).", "Nested too deep (at most {most} levels)."),
    "nodes": ("error", "Filen har för många värden (högst {most}).", "The file has too many values (at most {most})."),
    "too-many-findings": (
        "error",
        "Fler fel än {most}. Rätta dessa först.",
        "More faults than {most}. Mend these first.",
    ),
    "yaml": (
        "error",
        "Raden går inte att läsa som YAML: {problem}.{mend_sv}",
        "The line cannot be read as YAML: {problem}.{mend_en}",
    ),
    "alias": (
        "error",
        "Hänvisningar (*{name}) är inte tillåtna. Skriv ut texten.",
        "Aliases (*{name}) are not allowed. Write it out.",
    ),
    "anchor": (
        "error",
        "Ankare (&{name}) är inte tillåtna. Ta bort det.",
        "Anchors (&{name}) are not allowed. Remove it.",
    ),
    "tag": ("error", "Typmärken ({tag}) är inte tillåtna. Ta bort det.", "Tags ({tag}) are not allowed. Remove it."),
    "directive": (
        "error",
        "Direktiv (%YAML, %TAG) är inte tillåtna. Ta bort raden.",
        "Directives (%YAML, %TAG) are not allowed. Remove the line.",
    ),
    "merge-key": (
        "error",
        "Sammanslagning (<<) är inte tillåten. Skriv ut nycklarna.",
        "Merge keys (<<) are not allowed. Write the keys out.",
    ),
    "second-document": (
        "error",
        "Filen har ett andra dokument (---). Bara ett är tillåtet.",
        "The file has a second document (---). Only one is allowed.",
    ),
    "key-not-text": ("error", "En nyckel måste vara ett ord.", "A key must be a word."),
    "key-repeated": ("error", "Nyckeln {key} finns redan på rad {first}.", "The key {key} is already on line {first}."),
    "ambiguous-word": (
        "error",
        'Menas texten "{value}", sätt den inom citattecken. Menas ja eller nej, skriv true eller false.',
        'If the text "{value}" is meant, put it in quotes. If yes or no is meant, write true or false.',
    ),
    "number-form": (
        "error",
        'Tal skrivs med siffror och punkt, till exempel 0.10. Är det en text, sätt den inom citattecken: "{value}".',
        'Numbers are digits with a point, for example 0.10. If {value} is a text, put it in quotes: "{value}".',
    ),
    "unquoted-date": ("error", 'Sätt datumet inom citattecken: "{value}".', 'Put the date in quotes: "{value}".'),
}
"""Faults of the paper itself, found by the guard."""

SHAPE: dict[str, tuple[Severity, str, str]] = {
    "unquoted": ("error", 'Sätt värdet inom citattecken: "{value}".', 'Put it in quotes: "{value}".'),
    "quoted-number": ("error", "Ta bort citattecknen: {value}.", "Remove the quotes: {value}."),
    "unknown-key": ("error", "Okänd nyckel {key}.{mend_sv}", "Unknown key {key}.{mend_en}"),
    "key-missing": ("error", "Nyckeln {key} saknas.", "The key {key} is missing."),
    "value-missing": (
        "error",
        "Värde saknas. Fyll i det eller ta bort nyckeln.",
        "The value is missing. Fill it in or remove the key.",
    ),
    "wrong-kind": ("error", "Här ska stå {wanted_sv}, inte {found_sv}.", "This should be {wanted_en}, not {found_en}."),
    "unknown-choice": (
        "error",
        "{value} är inte ett av valen: {choices}.{mend_sv}",
        "{value} is not one of the choices: {choices}.{mend_en}",
    ),
    "form": ("error", "{value} har fel form ({wanted}).", "{value} has the wrong form ({wanted})."),
    "too-long": ("error", "För långt: {length}, högst {most}.", "Too long: {length}, at most {most}."),
    "too-short": ("error", "För kort: minst {least} behövs.", "Too short: at least {least} needed."),
    "out-of-range": ("error", "{value} ligger utanför {least}–{most}.", "{value} is outside {least}–{most}."),
    "origin-in-file": (
        "error",
        "origin skrivs aldrig för hand. Återanvänd en modul med use.",
        "origin is never written by hand. Reuse a module with use.",
    ),
    "reuse-unknown": (
        "error",
        "Det finns ingen {standard} {edition} att hämta modulen ur.",
        "There is no {standard} {edition} to take the module from.",
    ),
    "reuse-module-unknown": (
        "error",
        "{standard} {edition} har ingen modul {module}.{mend_sv}",
        "{standard} {edition} has no module {module}.{mend_en}",
    ),
    "reuse-changed": (
        "error",
        'Utgåvan har ett annat innehåll. Dess identitet är "{sha256}".',
        'The edition has other content. Its identity is "{sha256}".',
    ),
    "reuse-differs": (
        "error",
        "{key} följer med modulen {module} men skiljer sig från det som står här. Ta bort det här.",
        "{key} travels with module {module} but differs from what is written here. Remove it here.",
    ),
    "reuse-loosened": (
        "error",
        "Modulen {module} kräver mer i sin egen standard: {missing}.",
        "Module {module} demands more in its own standard: {missing}.",
    ),
}
"""Faults of shape: what the words of the format do not allow, and reuse that does not hold."""

SENSE: dict[str, tuple[Severity, str, str]] = {
    "sv-missing": ("error", "Svensk text saknas.", "The Swedish text is missing."),
    "en-missing": ("warning", "Engelsk text saknas.", "The English text is missing."),
    "text-blank": ("error", "Texten är bara blanksteg.", "The text is only spaces."),
    "language-tag": (
        "error",
        "{tag} är ingen språkkod, till exempel sv, en eller lattlast.",
        "{tag} is no language tag, for example sv, en or lattlast.",
    ),
    "language-undeclared": (
        "warning",
        "Språket {tag} står inte i languages.",
        "The language {tag} is not listed in languages.",
    ),
    "language-missing": (
        "warning",
        "Texten saknas på {tag}, som är utlovat i complete.",
        "The text is missing in {tag}, which complete promises.",
    ),
    "id-repeated": ("error", "Beteckningen {id} används mer än en gång.", "The id {id} is used more than once."),
    "item-repeated": ("error", "{item} står mer än en gång.", "{item} is listed more than once."),
    "reference-unknown": (
        "error",
        "{what} {id} finns inte i utgåvan.{mend_sv}",
        "{what} {id} is not in the edition.{mend_en}",
    ),
    "unused": ("warning", "{what} {id} används inte.", "{what} {id} is not used."),
    "mean-without-parts": (
        "error",
        "En medelkolumn behöver mean_of med minst två kolumner.",
        "A mean column needs mean_of with at least two columns.",
    ),
    "mean-of-not-number": (
        "error",
        "mean_of pekar på {id}, som inte är en talkolumn i tabellen.",
        "mean_of names {id}, which is no number column of the table.",
    ),
    "mean-of-elsewhere": (
        "error",
        "Bara kolumner av slaget mean har mean_of.",
        "Only columns of kind mean have mean_of.",
    ),
    "column-reference": (
        "error",
        "{key} ska nämna en textkolumn i tabellen, inte {id}.{mend_sv}",
        "{key} must name a text column of the table, not {id}.{mend_en}",
    ),
    "table-days": (
        "error",
        "Olika dagar kräver en kolumn av slaget date, och minst lika många rader.",
        "Different days need one column of kind date, and at least as many rows.",
    ),
    "table-column": (
        "error",
        "En kolumn som slår upp är en textkolumn med table och part, och en kolumn har part: key.",
        "A column that looks up is a text column with table and part, and one column has part: key.",
    ),
    "warning-outside": (
        "error",
        "Varningsgränserna ska ligga innanför larmgränserna, den nedre under den övre.",
        "The warning limits must lie inside the alarm limits, the lower below the upper.",
    ),
    "repetitions-untraced": (
        "error",
        "Upprepningar kräver bevis eller en tabell, annars syns de inte.",
        "Repetitions need evidence or a table, or they leave no trace.",
    ),
    "fails-not-critical": (
        "error",
        "Bara ett kritiskt kriterium kan fälla hela standarden.",
        "Only a critical criterion can fail the whole standard.",
    ),
    "limit-on-text": ("error", "Bara kolumner med tal har gränser.", "Only columns of numbers have limits."),
    "limits-crossed": ("error", "Den nedre gränsen är högre än den övre.", "The lower limit is above the upper one."),
    "limit-direction": (
        "error",
        "{id} skärps åt andra hållet ({tighter}): här skulle en skärpning lätta kravet.",
        "{id} tightens the other way ({tighter}): here tightening it would loosen the demand.",
    ),
    "limit-without-source": ("warning", "Gränsen saknar källa (source).", "The limit has no source."),
    "unit-differs": (
        "error",
        "Enheten är {unit} här men {other} i {id}.",
        "The unit is {unit} here but {other} in {id}.",
    ),
    "level-undecided": (
        "error",
        "En beslutad nivå behöver by och on: vem beslutade, och när.",
        "A decided level needs by and on: who decided, and when.",
    ),
    "critical-not-applicable": (
        "error",
        "Ett kritiskt kriterium kan inte vara ej tillämpligt.",
        "A critical criterion cannot be not applicable.",
    ),
    "critical-unguarded": (
        "error",
        "Det finns kritiska kriterier men ingen regel som kräver dem.",
        "There are critical criteria but no rule demands them.",
    ),
    "rule-missing": (
        "warning",
        "Regeln {rule} saknas, så {what_sv} prövas aldrig.",
        "The rule {rule} is missing, so {what_en} are never tested.",
    ),
    "rule-number": ("error", "{rule} ska {wanted_sv}.", "{rule} must {wanted_en}."),
    "outcome-count": (
        "warning",
        "Modulen har {count} läranderesultat. Två till fem, högst sex, är brukligt.",
        "The module has {count} outcomes. Two to five, six at most, is usual.",
    ),
    "methods-impossible": (
        "error",
        "Fler metoder krävs ({minimum}) än som är tillåtna ({allowed}).",
        "More methods are demanded ({minimum}) than allowed ({allowed}).",
    ),
    "evidence-impossible": (
        "error",
        "Fler dagar krävs ({days}) än bevis ({minimum}).",
        "More days are demanded ({days}) than pieces of evidence ({minimum}).",
    ),
    "no-accepted-choice": ("error", "Inget av valen är godkänt.", "None of the choices is accepted."),
    "code-form": ("error", "{code} är ingen {system}-kod ({wanted}).", "{code} is no {system} code ({wanted})."),
    "day-unreal": ("error", "{day} finns inte i kalendern.", "{day} is not in the calendar."),
    "days-crossed": ("error", "review_by ligger före valid_from.", "review_by lies before valid_from."),
    "result-unreachable": (
        "warning",
        "Resultatet nås aldrig: {id} står före och gäller alltid först.",
        "The result is never reached: {id} stands before it and always counts first.",
    ),
    "link-form": ("error", "En adress börjar med https://.", "An address starts with https://."),
    "organisation-number": (
        "error",
        "{value} är inget organisationsnummer (kontrollsiffran stämmer inte).",
        "{value} is no organisation number (the check digit is wrong).",
    ),
    "vague-verb": (
        "warning",
        "”{verb}” kan ingen se. Skriv vad personen gör, till exempel ”{better}”.",
        "Nobody can watch “{verb}”. Write what the person does, for example “{better}”.",
    ),
    "pass-repeats": (
        "warning",
        "Det godkända säger detsamma som kravet. Skriv vad som syns när det är uppfyllt.",
        "What passes says the same as the demand. Write what is seen when it is met.",
    ),
    "workload-zero": ("warning", "Volymen är noll timmar.", "The workload is zero hours."),
}
"""Faults of sense: a file that can be read but does not hold together."""

SITUATION: dict[str, tuple[Severity, str, str]] = {
    "situation-other-standard": (
        "error",
        "Situationerna gäller {wanted}, inte {found}.",
        "The situations are for {wanted}, not {found}.",
    ),
    "situation-unknown": (
        "error",
        "{what} {id} finns inte i utgåvan.{mend_sv}",
        "{what} {id} is not in the edition.{mend_en}",
    ),
    "situation-value": ("error", "Värdet duger inte: {problem}.", "The value will not do: {problem}."),
    "situation-reason": (
        "error",
        "{reason} är varken en orsak eller något i utgåvan.{mend_sv}",
        "{reason} is neither a reason nor in the edition.{mend_en}",
    ),
}
"""Faults of a file of situations."""

LAYOUT: dict[str, tuple[Severity, str, str]] = {
    "layout-lost": (
        "error",
        "Filen kan inte läggas ut på nytt utan att något går förlorat. Den är inte ändrad.",
        "The file cannot be laid out anew without loss. It is unchanged.",
    ),
}
"""Why a file was not laid out anew."""

SENTENCES = FORM | SHAPE | SENSE | SITUATION | LAYOUT | EXCHANGE


def mend(nearest: str) -> dict[str, str]:
    """The proposal that ends a sentence, or nothing."""
    if not nearest:
        return {"mend_sv": "", "mend_en": ""}
    return {"mend_sv": f" Menade du {nearest}?", "mend_en": f" Did you mean {nearest}?"}
