"""What is gone leaves nothing behind: a window took 10 MB with it for as long as the program ran."""

import gc
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from engine.experiment import Experiment
from gui import commands
from gui.controller import Controller
from gui.main_window import MainWindow


def test_nothing_keeps_a_window_that_is_gone(
    qtbot: QtBot, english: None, experiment: Experiment, settle: Callable[[Controller], None]
) -> None:
    controller = Controller(experiment)
    window = MainWindow(controller)
    window.show()
    qtbot.waitExposed(window)
    settle(controller)
    controller.new_dice()  # an edit, which is Python's and Qt's
    controller.disk.give_up_changes()
    settle(controller)
    left = [weakref.ref(window), weakref.ref(controller), *map(weakref.ref, window.pictures())]
    window.close()
    controller.close()
    window.deleteLater()
    del window, controller
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.unfreeze()  # the first training of a program takes all there is out of what is collected
    gc.collect()
    assert not [one() for one in left if one() is not None]


def test_quick_repeats_of_an_edit_keep_no_training_each(
    controller: Controller, settle: Callable[[Controller], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "REPEAT", float("inf"))
    left = []
    for value in (0.1, 0.2, 0.3, 0.4):
        controller.step_epoch()
        settle(controller)
        assert controller.frame is not None
        left.append(weakref.ref(controller.frame.curves.train_loss))
        controller.edit("data.noise", value, "Noise")
        settle(controller)
    assert controller.undo_stack.count() == 1
    controller.begin(controller.experiment)
    settle(controller)
    gc.unfreeze()
    gc.collect()
    assert not [one() for one in left if one() is not None]
