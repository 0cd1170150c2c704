"""Layers copied and pasted, and chosen units taken out: what belongs to a unit stays with it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edits, links
from engine.experiment import Experiment, ExperimentError, from_plain, replace_at
from engine.layer_copies import copy_layers, paste_layers, remove_units
from engine.session import Session


def network(*units: int) -> Experiment:
    layers = [{"units": count} for count in units] + [{"units": 1, "activation": "sigmoid"}]
    return from_plain({"data": {"name": "circle", "samples": 20}, "network": {"layers": layers}})


def test_copies_keep_what_is_theirs_and_skips_among_them() -> None:
    experiment = replace_at(network(3, 4, 4), "network.layers[1].dropout", 0.25)
    experiment = links.skip(links.type_bias(experiment, 1, 2, 0.5), 1, 2)
    experiment = links.cut_link(links.type_weight(experiment, 1, 0, 3, 2.0), 1, 0, 1)
    pasted = paste_layers(experiment, 3, copy_layers(experiment, [2, 1])).network.layers
    assert [layer.units for layer in pasted] == [3, 4, 4, 4, 4, 1]
    assert (pasted[3].dropout, pasted[3].typed_biases, pasted[4].skip_from) == (0.25, ((2, 0.5),), 3)
    assert pasted[3].cut == pasted[3].typed_weights == ()
    assert pasted[1] == experiment.network.layers[1] and pasted[2].skip_from == 1


def test_a_skip_from_a_layer_that_was_not_copied_stays_behind() -> None:
    experiment = links.skip(network(4, 4), 0, 1)
    assert paste_layers(experiment, 2, copy_layers(experiment, [1])).network.layers[2].skip_from is None


def test_pasting_goes_no_further_than_the_output() -> None:
    experiment = network(3)
    pasted = paste_layers(experiment, 99, copy_layers(experiment, [0]))
    assert [layer.units for layer in pasted.network.layers] == [3, 3, 1]


@pytest.mark.parametrize("copies", [[5], [{"units": 0}], [{"units": 2, "colour": "red"}]])
def test_what_is_no_layer_is_refused(copies: list) -> None:
    with pytest.raises(ExperimentError):
        paste_layers(network(3), 0, copies)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_numbers_and_cuts_stay_with_their_units(data: st.DataObject) -> None:
    before, units = 3, data.draw(st.integers(2, 6))
    experiment = network(before, units, 2)
    places = st.tuples(st.integers(0, before - 1), st.integers(0, units - 1))
    typed = data.draw(st.dictionaries(places, st.sampled_from([0.25, -1.5, 3.0]), max_size=4))
    cut = data.draw(st.sets(st.tuples(st.integers(0, units - 1), st.integers(0, 1)), max_size=3))
    for (unit, later), value in typed.items():
        experiment = links.type_weight(experiment, 1, unit, later, value)
    for unit, later in cut:
        experiment = links.cut_link(experiment, 2, unit, later)
    gone = data.draw(st.sets(st.integers(0, units - 1), min_size=1, max_size=units - 1))
    kept = [unit for unit in range(units) if unit not in gone]
    after = remove_units(experiment, 1, gone)
    here, there = (Session(one).parameters() for one in (experiment, after))
    for (unit, later), value in typed.items():
        if later in kept:
            assert there["layers.1.weight"][unit, kept.index(later)] == np.float32(value)
    mask = here.get("layers.2.mask", np.ones((units, 2)))[kept]
    assert np.array_equal(there.get("layers.2.mask", np.ones((len(kept), 2))), mask)


def test_without_its_last_unit_a_layer_goes_and_the_output_keeps_all() -> None:
    assert remove_units(network(3, 2), 1, {0, 1}) == edits.remove_layer(network(3, 2), 1)
    with pytest.raises(ExperimentError, match="data decide"):
        remove_units(network(3), 1, {0})
