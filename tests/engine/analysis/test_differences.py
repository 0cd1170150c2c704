"""What two experiments differ in."""

from engine.analysis.differences import Step, course_differences, differences
from engine.experiment import from_plain, replace_at
from engine.session import Session

PLAIN = {
    "title": "one", "data": {"name": "moons"},
    "network": {"layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}  # fmt: skip
ONE = from_plain(PLAIN)


def test_equal_experiments_differ_in_nothing_and_titles_do_not_count():
    assert differences(ONE, from_plain({**PLAIN, "title": "other"})) == []


def test_one_number_one_choice_and_one_layer():
    assert differences(ONE, replace_at(ONE, "optimizer.learning_rate", 0.3)) == [
        ("optimizer.learning_rate", 0.1, 0.3)
    ]
    found = differences(ONE, replace_at(ONE, "network.layers[0].activation", "relu"))
    assert found == [("network.layers[0].activation", "tanh", "relu")]
    assert differences(ONE, replace_at(ONE, "seeds.init", 5)) == [("seeds.init", 0, 5)]


def test_a_parameter_of_the_same_choice():
    one = replace_at(ONE, "network.layers[0].activation", {"name": "leaky_relu", "slope": 0.01})
    other = replace_at(ONE, "network.layers[0].activation", {"name": "leaky_relu", "slope": 0.2})
    assert differences(one, other) == [("network.layers[0].activation.slope", 0.01, 0.2)]


def test_another_optimizer_is_one_change_whatever_its_parameters():
    assert differences(ONE, replace_at(ONE, "optimizer", "adam")) == [("optimizer", "sgd", "adam")]


def test_more_layers_are_told_by_their_sizes():
    layers = [{"units": 4, "activation": "tanh"}, {"units": 3}, {"units": 1, "activation": "sigmoid"}]
    other = from_plain({**PLAIN, "network": {"layers": layers}})
    assert differences(ONE, other) == [("network.layers", "4 – 1", "4 – 3 – 1")]


def test_several_changes_come_in_the_order_of_the_file():
    other = replace_at(replace_at(ONE, "training.batch_size", 50), "data.noise", 0.4)
    assert [one.place for one in differences(ONE, other)] == ["data.noise", "training.batch_size"]


def test_what_a_session_resolves_is_compared_with_itself():
    assert differences(Session(ONE).experiment, Session(ONE).experiment) == []


def test_changes_on_the_way_are_told_with_their_epochs():
    faster, adam = replace_at(ONE, "optimizer.learning_rate", 3.0), replace_at(ONE, "optimizer", "adam")
    once, twice = [Step(0, faster), Step(60, ONE)], [Step(0, ONE), Step(9.5, adam)]
    assert course_differences(once, [Step(0, ONE)]) == [
        ("optimizer.learning_rate", ((0, 3.0), (60, 0.1)), ((0, 0.1),))
    ]
    assert course_differences(once, once) == []
    assert course_differences([Step(0, faster), Step(61, ONE)], once) == [
        ("optimizer.learning_rate", ((0, 3.0), (61, 0.1)), ((0, 3.0), (60, 0.1)))
    ]
    assert ("optimizer", ((0, "sgd"),), ((0, "sgd"), (9.5, "adam"))) in course_differences(
        [Step(0, ONE)], twice
    )


def test_what_comes_and_goes_on_the_way_is_known_by_its_place():
    cut = replace_at(ONE, "network.layers[0].cut", [[0, 0]])
    other = replace_at(ONE, "network.layers[0].cut", [[1, 0]])
    found = course_differences([Step(0, ONE), Step(1, cut), Step(2, other)], [Step(0, ONE)])
    assert found == [("network.layers[0].cut", ((0, 0), (1, 1), (2, 1)), ((0, 0),))]
    wide = from_plain({**PLAIN, "network": {"layers": [{"units": 1, "activation": "sigmoid"}]}})
    assert course_differences([Step(0, ONE)], [Step(0, wide)]) == [
        ("network.layers", ((0, "4 – 1"),), ((0, "1"),))
    ]
