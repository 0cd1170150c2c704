"""What `check` computes: the stored numbers are those of the engine, and wrong ones are found."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine import selfcheck


def test_every_task_gives_the_stored_numbers() -> None:
    found = list(selfcheck.run())
    assert [each.name for each in found] == list(selfcheck.TASKS)
    assert all(each.right and each.milliseconds > 0 for each in found), found


def test_stored_numbers_are_those_of_float64() -> None:
    stored = json.loads(selfcheck.stored_file().read_text(encoding="utf-8"))
    for name in ("training in lanes", "gradients"):
        numbers, _ = selfcheck.TASKS[name]("float64")
        np.testing.assert_allclose(numbers, stored[name]["numbers"], rtol=1e-10, atol=1e-12)
        assert np.abs(numbers).max() > 0


@pytest.mark.parametrize("wrong", [1.001, float("nan")])
def test_a_wrong_number_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: float) -> None:
    stored = json.loads(selfcheck.stored_file().read_text(encoding="utf-8"))
    largest = int(np.abs(stored["gradients"]["numbers"]).argmax())
    stored["gradients"]["numbers"][largest] *= wrong
    file = tmp_path / "selfcheck.json"
    file.write_text(json.dumps(stored), encoding="utf-8")
    monkeypatch.setattr(selfcheck, "stored_file", lambda: file)
    tasks = {name: selfcheck.TASKS[name] for name in ("gradients", "losses in lanes")}
    monkeypatch.setattr(selfcheck, "TASKS", tasks)
    assert [each.right for each in selfcheck.run()] == [False, True]
