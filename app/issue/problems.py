"""Every refusal of issuing: a certificate that cannot be printed as it should, a key that cannot be used."""

import unicodedata
from collections.abc import Iterable

from assessments.problems import ConflictError, ForbiddenError, InvalidError, MissingError


class CertificateError(InvalidError):
    """The certificate cannot be printed as it should, so it is not printed at all."""

    code = "certificate-unfit"
    sv = "Beviset gick inte att framställa felfritt, så det framställdes inte."
    en = "The certificate could not be produced without fault, so it was not produced."


class CharactersMissingError(CertificateError):
    """A name or text has characters that the certificate's fonts cannot draw; the message names them."""

    code = "certificate-characters"

    def __init__(self, characters: Iterable[str]) -> None:
        named = ", ".join(sorted(_named(character) for character in characters))
        self.sv = f"Bevisets typsnitt kan inte skriva {named}. Ändra texten eller skriv den med andra tecken."
        self.en = f"The fonts of the certificate cannot write {named}. Change the text or write it otherwise."
        super().__init__(characters=named)


class FontsMissingError(CertificateError):
    """A font file is not installed."""

    code = "certificate-fonts"

    def __init__(self, files: Iterable[str]) -> None:
        named = ", ".join(files)
        self.sv = f"Typsnitt saknas på datorn: {named}."
        self.en = f"Fonts are missing on this machine: {named}."
        super().__init__(files=named)


class SpecimenMissingError(CertificateError):
    """The development seal never goes on a paper without SPECIMEN across it."""

    code = "certificate-specimen"
    sv = "Ett bevis med utvecklingsstämpel måste ha SPECIMEN tvärs över sidan."
    en = "A certificate with the development seal must have SPECIMEN across the page."


class KeyAbsentError(MissingError):
    """The key file is not there."""

    code = "key-absent"
    sv = "Nyckeln finns inte. Skapa den eller kontrollera mappen för nycklar."
    en = "The key does not exist. Create it or check the folder of keys."


class KeyExistsError(ConflictError):
    """A key is never overwritten: what it sealed or proved must stay checkable."""

    code = "key-exists"
    sv = "Nyckeln finns redan och skrivs aldrig över."
    en = "The key exists already and is never overwritten."


class PassphraseError(ForbiddenError):
    """The key cannot be opened with this passphrase, or its file is damaged; the two look the same."""

    code = "key-passphrase"
    sv = "Nyckeln kunde inte öppnas: fel lösenfras, eller en skadad fil."
    en = "The key could not be opened: wrong passphrase, or a damaged file."


class KeyUnfitError(InvalidError):
    """The key or its certificate cannot be used for sealing; `why` says what is wrong."""

    code = "key-unfit"
    sv = "Nyckeln eller dess certifikat kan inte användas för stämpling."
    en = "The key or its certificate cannot be used for sealing."


class HardwareError(ConflictError):
    """The device that holds the key does not do what it should; `why` says what it said."""

    code = "key-hardware"
    sv = "Nyckeln i säkerhetsmodulen kunde inte användas."
    en = "The key in the hardware module could not be used."


class SealEndsError(KeyUnfitError):
    """The certificate of the seal ends too soon, so the paper would soon look unsound."""

    code = "seal-ends"
    sv = "Stämpelns certifikat gäller för kort tid. Skaffa en ny stämpelnyckel."
    en = "The certificate of the seal ends too soon. Get a new seal key."


class StampRefusedError(ConflictError):
    """The time-stamp is not what was asked for; `why` says in which way. It is never put into a document."""

    code = "stamp-refused"
    sv = "Tidsstämpeln godtogs inte. Handlingen är stämplad och väntar på en ny tidsstämpel."
    en = "The time-stamp was not accepted. The document is sealed and waits for another time-stamp."


class StampMissingError(ConflictError):
    """No time-stamp authority is named in the settings."""

    code = "stamp-authority-missing"
    sv = "Ingen tidsstämplingstjänst är vald (INTYGA_TSA), så handlingen får ingen tidsstämpel."
    en = "No time-stamp authority is chosen (INTYGA_TSA), so the document gets no time-stamp."


class EvidenceError(ConflictError):
    """The certificate of a seal or a time-stamp is revoked, or nothing can be learned about it; `why` says which."""

    code = "certificate-unproved"
    sv = "Certifikatet är spärrat, eller så gick dess kedja och spärrstatus inte att fastställa."
    en = "The certificate is revoked, or its chain and revocation status could not be established."


def _named(character: str) -> str:
    """Shown only when it can be shown without harm: a control or direction mark is named, never printed."""
    shown = f"”{character}” " if unicodedata.category(character)[0] in "LNPS" else ""
    return f"{shown}U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
