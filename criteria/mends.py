"""What to do about a finding, where its sentence only says what is wrong. One line in each language."""

from criteria.findings import Finding

MENDS: dict[str, tuple[str, str]] = {
    "file-empty": ("Börja med intyga criteria new FIL.", "Start with intyga criteria new FILE."),
    "depth": ("Skriv listan under sin nyckel, på egna rader.", "Write the list under its key, on lines of its own."),
    "nodes": ("Dela standarden i moduler som återanvänds.", "Split the standard into modules that are reused."),
    "key-repeated": ("Behåll en av dem.", "Keep one of them."),
    "key-not-text": ("Skriv nyckeln som ett ord.", "Write the key as a word."),
    "number-form": ("Skriv ett vanligt tal, som 0.05, eller citattecken.", "Write a plain number, as 0.05, or quotes."),
    "key-missing": ("Lägg till den här.", "Add it here."),
    "wrong-kind": ("Se raden i intyga criteria new.", "See the line in intyga criteria new."),
    "form": ("Skriv om värdet så att det har formen.", "Rewrite the value in that form."),
    "too-long": ("Korta texten, eller flytta en del till hint.", "Shorten it, or move a part to hint."),
    "too-short": ("Lägg till det som saknas.", "Add what is missing."),
    "out-of-range": ("Välj ett tal inom gränserna.", "Choose a number within the bounds."),
    "reuse-unknown": ("Lägg den standarden i mappen bredvid.", "Put that standard in the folder beside."),
    "reuse-changed": (
        "Kopiera in identiteten om innehållet är det avsedda.",
        "Copy the identity if that is the content meant.",
    ),
    "reuse-loosened": ("Lägg till reglerna.", "Add the rules."),
    "sv-missing": ("Lägg till sv: med texten.", "Add sv: with the text."),
    "en-missing": ("Lägg till en: med texten.", "Add en: with the text."),
    "text-blank": ("Skriv texten, eller ta bort nyckeln.", "Write the text, or remove the key."),
    "language-undeclared": ("Lägg till språket i languages.", "Add the language to languages."),
    "language-missing": (
        "Skriv texten, eller stryk språket ur complete.",
        "Write it, or take the language out of complete.",
    ),
    "id-repeated": ("Ge den ena en ny beteckning.", "Give one of them a new id."),
    "item-repeated": ("Ta bort den ena.", "Remove one of them."),
    "unused": ("Använd den, eller ta bort den.", "Use it, or remove it."),
    "mean-of-not-number": ("Nämn kolumner med kind: number.", "Name columns of kind: number."),
    "mean-of-elsewhere": ("Skriv kind: mean, eller ta bort mean_of.", "Write kind: mean, or remove mean_of."),
    "warning-outside": ("Flytta varningsgränsen inåt.", "Move the warning limit inwards."),
    "repetitions-untraced": ("Lägg till evidence, eller en tabell.", "Add evidence, or a table."),
    "fails-not-critical": ("Lägg till critical: true.", "Add critical: true."),
    "limit-on-text": ("Skriv kind: number, eller ta bort gränsen.", "Write kind: number, or remove the limit."),
    "limits-crossed": ("Byt plats på minimum och maximum.", "Swap minimum and maximum."),
    "limit-direction": ("Byt mellan minimum och maximum.", "Change between minimum and maximum."),
    "limit-without-source": ("Lägg till source: med en källas id.", "Add source: with the id of a source."),
    "unit-differs": ("Använd samma enhet.", "Use the same unit."),
    "critical-not-applicable": ("Ta bort den ena av de två raderna.", "Remove one of the two lines."),
    "critical-unguarded": ("Lägg till regeln every-critical-met.", "Add the rule every-critical-met."),
    "rule-missing": ("Lägg till regeln under rules.", "Add the rule under rules."),
    "outcome-count": ("Dela modulen, eller slå ihop läranderesultat.", "Split the module, or join outcomes."),
    "methods-impossible": ("Tillåt fler metoder, eller sänk minimum.", "Allow more methods, or lower minimum."),
    "evidence-impossible": ("Höj minimum, eller sänk different_days.", "Raise minimum, or lower different_days."),
    "no-accepted-choice": ("Ta bort accepted: false från ett val.", "Remove accepted: false from one choice."),
    "day-unreal": ("Se efter i en kalender.", "Look in a calendar."),
    "days-crossed": ("Flytta review_by framåt.", "Move review_by forward."),
    "result-unreachable": ("Flytta upp det som kräver mer.", "Move up the one that demands more."),
    "link-form": ("Skriv https:// först.", "Write https:// in front."),
    "organisation-number": ("Kontrollera siffrorna i numret.", "Check the digits of the number."),
    "workload-zero": ("Skriv timmarna, som PT8H.", "Write the hours, as PT8H."),
    "code-form": ("Slå upp koden i systemets egen lista.", "Look the code up in the system's own list."),
    "situation-other-standard": ("Ändra standard eller edition överst.", "Change standard or edition at the top."),
}
"""By code; a code that is not here says itself what to do."""


def mend(code: str, language: str) -> str:
    """The proposal in `sv` or `en`, or nothing."""
    return MENDS.get(code, ("", ""))[language == "en"]


def told(found: Finding, language: str) -> str:
    """What is wrong, and what to do about it."""
    proposal = mend(found.code, language)
    return f"{found.said(language)} → {proposal}" if proposal else found.said(language)
