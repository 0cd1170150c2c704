"""What the documents say can be done."""

import os
from pathlib import Path

import main
from engine.choices import FAMILIES

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_engines_face_runs_as_it_is_written(capsys) -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    block = text.split("## The engine's face")[1].split("```python\n")[1].split("```")[0]
    before, names = Path.cwd(), {}
    os.chdir(ROOT)
    try:
        exec(compile(block, "docs/architecture.md", "exec"), names)
    finally:
        os.chdir(before)
    assert len(names["ledger"].steps) == len(names["ledger"].of_row(0)) > 5
    assert len(capsys.readouterr().out.splitlines()) > 5
    assert names["session"].epoch == names["snapshot"].epoch
    assert names["result"].index in (0, 1)


def test_the_read_me_names_every_page_and_family() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"--page {'|'.join(main.PAGES)}]" in text
    listed = " ".join(text.split("FAMILY is ")[1].split("python main.py")[0].split())
    assert listed.replace(" or ", ", ").split(", ") == list(FAMILIES)
