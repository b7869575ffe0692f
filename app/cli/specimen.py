"""A throw-away house around one case file, so that an author can see the certificate a standard leads to."""

from app.actions import grants, keys, people, publish, review
from app.demo import BODY, PROVIDER, actor
from app.exports import import_case
from app.store import decisions, organisations
from app.tools import Tools
from assessments.problems import ConflictError, MissingError
from criteria.reader import library, read


class NoDecisionError(ConflictError):
    """There is nothing to approve."""

    code = "no-decision"
    sv = "Ärendefilen har varken beslut eller motiveringar (motivations), så det finns inget att utfärda."
    en = "The case file has neither a decision nor motivations, so there is nothing to issue."


def approved(tools: Tools, passphrase: str, files: list[bytes], case: bytes) -> str:
    """Publish, import and approve as an invented quality assurer; returns the award's id."""
    shipped = [each.file.read_bytes() for each in library()]
    owner = read(files[-1]).owner
    people.add_organisation(
        tools, None, slug=BODY, kind="sector-body", name=owner.name,
        organisation_number=owner.organisation_number or "802000-0017",
    )  # fmt: skip
    people.add_organisation(
        tools, None, slug=PROVIDER, kind="provider", name="Exempelnät Validering AB",
        organisation_number="556000-0167",
    )  # fmt: skip
    people.add_person(
        tools, None, name="Elin Sandberg", email="kvalitet@intyga.example", password=passphrase,
        organisation=PROVIDER, role="quality-assurer",
    )  # fmt: skip
    keys.make(tools, passphrase, PROVIDER)
    for data in sorted([*files, *(each for each in shipped if each not in files)], key=publish.reuses):
        if read(data).owner.name != owner.name:
            continue
        try:
            published = publish.publish(tools, None, data, owner=BODY)
        except publish.EditionChangedError:
            continue  # the author's own draft of a shipped edition came first
        grants.give(tools, None, owner=BODY, provider=PROVIDER, standard=published.standard)
    with tools.read() as tx:
        home = organisations.find(tx, PROVIDER)
    assessment = import_case(tools, None, case, provider=home.id)
    try:
        with tools.read() as tx:
            waiting = decisions.waiting(tx, assessment)
    except MissingError as nothing:
        raise NoDecisionError from nothing
    award = review.approve(tools, actor(tools, "kvalitet@intyga.example"), assessment, decision=waiting.id)
    if award is None:
        raise NoDecisionError
    return award
