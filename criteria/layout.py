"""One layout for files of standards: indentation, line width and line ends, with every comment and every value kept.

ruamel.yaml is the only reader that keeps comments, and it hangs on hostile files. So it only ever sees what our own
guard has let through, and what it wrote is read again by our own guard before anybody gets it.
"""

import io
import re

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from criteria.findings import FaultyStandardError, errors, finding
from criteria.guard import sheet

WIDTH = 200
_ROUNDS = 4
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)


def laid_out(data: bytes) -> bytes:
    """The same file in our layout; raises `FaultyStandardError` when it cannot be read, or not without loss."""
    before = sheet(data)
    if any(errors(before.findings)):
        raise FaultyStandardError(before.findings)
    text = given = data.decode().removeprefix("\ufeff").replace("\r\n", "\n")
    for _ in range(_ROUNDS):  # a comment can move a wrapped line once; then it rests
        written = _written(text)
        if written == text:
            break
        text = written
    else:
        raise FaultyStandardError([finding("layout-lost", (1, 1))])
    made = text.encode()
    after = sheet(made)
    if any(errors(after.findings)) or repr(after.value) != repr(before.value) or _comments(text) != _comments(given):
        raise FaultyStandardError([finding("layout-lost", (1, 1))])
    return made


def _written(text: str) -> str:
    writer = YAML(typ="rt", pure=True)
    writer.preserve_quotes = True
    writer.width = WIDTH
    writer.brace_single_entry_mapping_in_flow_sequence = True
    writer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    try:
        writer.dump(writer.load(text), out)
    except (YAMLError, ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise FaultyStandardError([finding("layout-lost", (1, 1))]) from fault
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _comments(text: str) -> list[str]:
    """Every comment in order: what a `#` begins outside of all texts."""
    bare, at = [], 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        if isinstance(token, yaml.ScalarToken):
            bare.append(text[at : token.start_mark.index] + "x")
            at = token.end_mark.index
            if text[at - 1 : at] == "\n":  # a block ends after its last line
                bare.append("\n")
    return [each.rstrip() for each in _COMMENT.findall("".join(bare) + text[at:])]
