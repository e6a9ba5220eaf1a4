"""The public surface: sorted, complete, documented; importing it costs nothing."""

import subprocess
import sys

import pubkit


def test_all_is_sorted_and_complete() -> None:
    names = [name for name in pubkit.__all__ if not name.startswith("__")]
    assert names == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert set(names) == set(pubkit._HOMES)  # noqa: SLF001 (the test holds both tables together)


def test_every_name_is_there_and_says_what_it_is() -> None:
    for name in pubkit.__all__:
        value = getattr(pubkit, name)
        assert value is not None
        if callable(value):
            assert (value.__doc__ or "").strip(), name


def test_a_function_is_never_hidden_by_a_module() -> None:
    code = "from pubkit.stages.build import Built; import pubkit; print(callable(pubkit.build), callable(pubkit.read))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True\n"


def test_importing_pubkit_loads_no_slow_package() -> None:
    slow = {"lxml", "pydantic", "markdown", "weasyprint", "babel"}
    code = f"import sys, pubkit; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
