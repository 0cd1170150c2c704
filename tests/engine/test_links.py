"""Cut, typed, frozen, skipped: each edit gives a usable experiment, and changed layers take them along."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import edits, links
from engine.experiment import Experiment, ExperimentError
from tests.engine.reference.build import experiment


def start() -> Experiment:
    return experiment((3, 3, 3))


def test_cut_and_type_take_turns() -> None:
    chosen = links.cut_link(start(), 1, 2, 0)
    assert chosen.network.layers[1].cut == ((2, 0),)
    chosen = links.type_weight(chosen, 1, 2, 0, 0.5)
    assert chosen.network.layers[1].cut == () and chosen.network.layers[1].typed_weights == ((2, 0, 0.5),)
    chosen = links.type_weight(chosen, 1, 2, 0, -1.5)
    assert chosen.network.layers[1].typed_weights == ((2, 0, -1.5),)
    chosen = links.cut_link(chosen, 1, 2, 0)
    assert chosen.network.layers[1].typed_weights == ()
    assert links.cut_link(chosen, 1, 2, 0, cut=False) == start()
    chosen = links.type_bias(links.type_bias(start(), 2, 1, 3.0), 2, 1, 4.0)
    assert chosen.network.layers[2].typed_biases == ((1, 4.0),)
    assert not links.freeze(start(), 0).network.layers[0].trainable
    assert links.freeze(links.freeze(start(), 0), 0, frozen=False) == start()


@pytest.mark.parametrize(("edit", "message"), [
    (lambda e: links.cut_link(e, 0, 2, 0), "network.layers[0].cut[0]: there is no unit 2 before: they are"),
    (lambda e: links.cut_link(e, 3, 0, 1), "network.layers[3].cut[0]: there is no unit 1 in this layer"),
    (lambda e: links.type_bias(e, 0, 0, float("nan")), "network.layers[0].typed_biases[0]"),
    (lambda e: links.freeze(e, 4), "network.layers[4]: there is no such field"),
    (lambda e: links.skip(e, 1, 1), "network.layers[1].skip_from: 1 is not an earlier layer"),
    (lambda e: links.skip(e, 0, 3), "network.layers[3].skip_from: layer 0 has 3 units and this one 1"),
])  # fmt: skip
def test_what_cannot_be_is_said(edit: Any, message: str) -> None:
    with pytest.raises(ExperimentError) as error:
        edit(start())
    assert str(error.value).startswith(message)


def test_skips_lead_to_the_same_layers_when_others_come_and_go() -> None:
    chosen = links.skip(start(), 0, 2)
    wider = edits.insert_layer(chosen, 1)
    assert wider.network.layers[3].skip_from == 0 and wider.network.layers[1].skip_from is None
    deeper = edits.insert_layer(chosen, 0)
    assert deeper.network.layers[3].skip_from == 1
    assert edits.remove_layer(deeper, 0).network.layers[2].skip_from == 0
    assert edits.remove_layer(chosen, 0).network.layers[1].skip_from is None
    assert edits.set_units(chosen, 0, 5).network.layers[2].skip_from is None


def test_links_of_units_that_are_gone_are_gone() -> None:
    chosen = links.cut_link(links.cut_link(start(), 1, 2, 2), 1, 0, 0)
    assert edits.set_units(chosen, 0, 2).network.layers[1].cut == ((0, 0),)
    assert edits.set_units(chosen, 1, 2).network.layers[1].cut == ((0, 0),)
    assert edits.choose_features(links.cut_link(start(), 0, 1, 1), ("x1",)).network.layers[0].cut == ()


ACTS = st.tuples(st.sampled_from(["insert", "remove", "units", "cut", "type", "skip", "feature", "data"]),
                 st.integers(0, 5), st.integers(0, 3), st.integers(0, 3))  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(acts=st.lists(ACTS, max_size=12))
def test_any_walk_over_the_edits_ends_with_a_usable_experiment(acts: list[tuple[str, int, int, int]]) -> None:
    chosen = start()
    for name, layer, first, second in acts:
        try:
            chosen = {
                "insert": lambda e, k=layer, i=first: edits.insert_layer(e, k, i + 1),
                "remove": lambda e, k=layer: edits.remove_layer(e, k),
                "units": lambda e, k=layer, i=first: edits.set_units(e, k, i + 1),
                "cut": lambda e, k=layer, i=first, j=second: links.cut_link(e, k, i, j),
                "type": lambda e, k=layer, i=first, j=second: links.type_weight(e, k, i, j, 0.25),
                "skip": lambda e, k=layer, i=first: links.skip(e, i, k),
                "feature": lambda e, i=first: edits.choose_features(e, ("x1", "x2", "x1^2")[: i + 1]),
                "data": lambda e, i=first: edits.choose_data(e, ("spiral", "iris", "plane", "xor")[i]),
            }[name](chosen)  # fmt: skip
        except ExperimentError:
            continue
        assert Experiment.from_json(chosen.to_json()) == chosen
