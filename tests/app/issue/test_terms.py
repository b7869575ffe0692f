"""The term table says what the published contexts say: the same bytes, for every line of it."""

import json
from typing import Any

import pytest
from msgspec.structs import replace
from pyld import FrozenDocumentLoader, jsonld
from records import GOLDEN, OURS, WHOLE, published_contexts

from app.issue.canon import CHECKS, LossyDocumentError, canonical, nquads
from app.issue.terms import CONTEXTS, DID_V1, EU, EU_CONTEXT, MULTIKEY, PREFIXES, TABLES, Table, Term, context, is_type
from app.issue.terms import OPEN_BADGES as OB
from app.issue.terms import OPEN_BADGES_EXTENSIONS as EXTENSIONS
from app.issue.terms import V2 as VC

XS, XSS = PREFIXES["xs"], PREFIXES["xss"]
EXAMPLES: dict[str, Any] = {
    "": ["text", {"id": "urn:uuid:0193f3a0-0000-7000-8000-00000000dead"}],
    "@id": ["https://intyga.example/a", {"id": "https://intyga.example/b"}],
    "@vocab": "assertionMethod",
    f"{XS}dateTime": "2026-11-24T00:00:00+01:00",
    "xsd:dateTime": "2026-11-24T00:00:00+01:00",
    f"{XSS}date": "2026-11-24T00:00:00+01:00",
    f"{XSS}anyURI": "https://intyga.example/a",
    f"{XSS}float": 7.5,
    f"{XSS}boolean": False,
    f"{XS}boolean": True,
    f"{XS}duration": "PT24H",
    f"{PREFIXES['sec']}multibase": "uAAA",
    f"{PREFIXES['sec']}cryptosuiteString": "eddsa-rdfc-2022",
}
COMPANIONS = {VC: [VC], OB: [VC, OB], EXTENSIONS: [VC, OB, EXTENSIONS], DID_V1: [DID_V1], MULTIKEY: [DID_V1, MULTIKEY]}
Path = tuple[str, ...]


def probe(contexts: list[Any], kind: str | None, terms: dict[str, Term]) -> dict[str, Any]:
    """A thing with every word of one scope, each value in every form it may have."""
    typed = {"type": kind} if kind else {}
    return {"@context": contexts, "id": WHOLE} | typed | {word: example(term) for word, term in terms.items()}


def example(term: Term) -> Any:
    if term.container == "@language":
        return {"sv": "å", "en": "a"}
    if term.container == "@list":
        return ["b", "a", "b"]
    return EXAMPLES[term.kind]


def probes(contexts: list[Any], table: Table) -> dict[str | None, dict[str, Any]]:
    top = {word: term for word, term in table.terms.items() if not is_type(word)}
    types = {word: term for word, term in table.terms.items() if is_type(word)}
    return {None: probe(contexts, None, top)} | {w: probe(contexts, w, t.scope or {}) for w, t in types.items()}


ALL_PROBES = [each for url, table in TABLES.items() for each in probes(COMPANIONS[url], table).values()] + list(
    probes([VC, OB, EXTENSIONS, EU_CONTEXT], EU).values()
)


@pytest.fixture(scope="module")
def full(standards):
    return published_contexts(standards)


@pytest.mark.parametrize("kind", OURS)
def test_our_documents_have_the_same_bytes_with_the_whole_published_contexts(full, kind):
    assert canonical(OURS[kind]()) == nquads(OURS[kind](), full)


@pytest.mark.parametrize("kind", OURS)
def test_another_implementation_reads_our_documents_alike(kind):
    assert second_opinion(OURS[kind](), CONTEXTS) == canonical(OURS[kind]())


def test_every_line_of_the_table_gives_the_same_bytes_as_the_published_contexts(full):
    for each in ALL_PROBES:
        assert nquads(each, CONTEXTS) == nquads(each, full), each


def test_every_line_of_the_table_is_read_alike_by_another_implementation(full):
    for each in ALL_PROBES:
        assert second_opinion(each, full) == nquads(each, CONTEXTS), each


def second_opinion(document: dict[str, Any], contexts: dict[str, Any]) -> bytes:
    documents = {url: {"@context": each} for url, each in contexts.items()}
    options = {"algorithm": "URDNA2015", "format": "application/n-quads"}  # the older name of RDFC-1.0
    return jsonld.normalize(document, options | {"documentLoader": FrozenDocumentLoader(documents)}).encode()


def lines(terms: dict[str, Term], above: Path = ()) -> list[Path]:
    return [path for word, term in terms.items() for path in [(*above, word), *lines(term.scope or {}, (*above, word))]]


MUTATIONS = {
    "iri": lambda term: replace(term, iri=f"{term.iri}x"),
    "kind": lambda term: replace(term, kind="" if term.kind else "@id"),
    "datatype": lambda term: replace(term, kind=f"{XS}token") if term.kind[:1] not in ("", "@") else None,
    "container": lambda term: replace(term, container="") if term.container in ("@list", "@language") else None,
    "removed": lambda _: Term(""),
}
WITHOUT_EFFECT = {
    (("name",), "removed"): "in both contexts",
    (("description",), "removed"): "in both contexts",
    (("DataIntegrityProof", "proofPurpose", "assertionMethod"), "kind"): "never has a value, it is one",
}


@pytest.mark.parametrize("url", TABLES)
def test_changing_any_line_of_the_table_is_seen(full, url):
    """Or the comparison above would prove nothing for that line."""
    unseen = []
    for path in lines(TABLES[url].terms):
        for name, mutate in MUTATIONS.items():
            if not is_relevant(url, path, name):
                continue
            changed = edit(TABLES[url].terms, path, mutate)
            if changed is not None and not is_seen(url, path, changed, full):
                unseen.append((path, name))
    assert unseen == []


def is_relevant(url: str, path: Path, mutation: str) -> bool:
    is_a_type = is_type(path[-1]) and mutation == "kind"  # a type has no value
    return not is_a_type and not ((path, mutation) in WITHOUT_EFFECT and url in (VC, OB))


def edit(terms: dict[str, Term], path: Path, mutate) -> dict[str, Term] | None:
    word, *rest = path
    if rest:
        scope = edit(terms[word].scope or {}, tuple(rest), mutate)
        return scope if scope is None else terms | {word: replace(terms[word], scope=scope)}
    changed = mutate(terms[word])
    if changed is None:
        return None
    return {name: each for name, each in (terms | {word: changed}).items() if each.iri}


def is_seen(url: str, path: Path, changed: dict[str, Term], full: dict[str, Any]) -> bool:
    contexts = CONTEXTS | {url: context(Table(changed, TABLES[url].protected))}
    document = probes(COMPANIONS[url], TABLES[url])[path[0] if is_type(path[0]) else None]
    try:
        return nquads(document, contexts) != nquads(document, full)
    except LossyDocumentError:
        return True


def test_every_datatype_of_the_table_has_a_check_and_an_example():
    tables = [*TABLES.values(), EU]
    kinds = {term.kind for table in tables for term in every(table.terms)} - {"", "@id", "@vocab"}
    assert kinds == set(CHECKS) == set(EXAMPLES) - {"", "@id", "@vocab"}


def every(terms: dict[str, Term]) -> list[Term]:
    return [each for term in terms.values() for each in [term, *every(term.scope or {})]]


def test_every_term_of_ours_is_a_urn_or_belongs_to_a_published_vocabulary():
    ours = [term.iri for term in every(EU.terms)]
    published = tuple(PREFIXES[each] for each in ("dct", "elm", "skos", "foaf"))
    assert [iri for iri in ours if not iri.startswith(("urn:intyga:term:", *published))] == []


def test_the_european_terms_we_reuse_exist(standards):
    model = (standards("elm-edc") / "ELM.ttl").read_text()
    reused = [term.iri.rpartition("/")[2] for term in every(EU.terms) if term.iri.startswith(PREFIXES["elm"])]
    assert [name for name in reused if f"elm:{name}\n" not in model] == []


def test_the_context_in_the_record_never_changes():
    """A record that was signed with other terms could not be checked any more: add a table, never edit this one."""
    assert json.loads((GOLDEN / "eu-context.json").read_text()) == EU_CONTEXT
