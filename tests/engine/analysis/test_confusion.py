import numpy as np
import pytest

from engine.analysis.confusion import MOST_A_CELL, confusion, count, mistakes, predicted_classes
from tests.engine.analysis.support import LINEAR, SIGMOID, network, with_weights


def test_one_output_is_cut_at_one_half_and_several_at_the_largest():
    assert predicted_classes(np.array([[0.4], [0.5], [0.6]])).tolist() == [0, 0, 1]
    assert predicted_classes(np.array([[0.1, 0.7, 0.2], [0.5, 0.5, 0.0]])).tolist() == [1, 0]


def test_nan_is_no_answer():
    assert predicted_classes(np.array([[np.nan], [1.0]])).tolist() == [-1, 1]
    assert count(np.array([0, 1]), np.array([-1, 1]), 2).tolist() == [[0, 0], [0, 1]]


def test_true_classes_go_down_and_predicted_ones_across():
    labels, predicted = np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 2, 2])
    assert count(labels, predicted, 3).tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 2]]


def test_the_diagonal_is_the_accuracy():
    snapshot, data = network("gaussians", SIGMOID)
    snapshot = with_weights(snapshot, [([[0.5], [-0.1]], [0.3])])
    counts, metrics = confusion(snapshot, data), snapshot.metrics(data)
    for table, rows, share in (
        (counts.train, len(data.x_train), metrics["train_accuracy"]),
        (counts.test, len(data.x_test), metrics["test_accuracy"]),
    ):
        assert table.sum() == rows
        assert np.trace(table) / rows == pytest.approx(share)


def test_without_test_rows_the_counts_are_zero():
    snapshot, data = network("gaussians", SIGMOID, data={"test_fraction": 0})
    assert confusion(snapshot, data).test.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("loss", ["hinge", "perceptron"])
def test_with_a_margin_loss_the_sign_decides(loss):
    snapshot, data = network("gaussians", LINEAR, loss=loss)
    snapshot = with_weights(snapshot, [([[0.1], [0.1]], [0.05])])
    counts, metrics = confusion(snapshot, data), snapshot.metrics(data)
    expected = (snapshot.predict(data.x_test)[:, 0] > 0) == data.labels_test
    assert np.trace(counts.test) == expected.sum() == metrics["test_accuracy"] * len(data.x_test)
    assert expected.sum() > (predicted_classes(snapshot.predict(data.x_test)) == data.labels_test).sum()


def test_the_worst_mistakes_come_first_and_right_answers_never():
    output = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6], [0.7, 0.3], [np.nan, 0.0]])
    found = mistakes(output, np.array([1, 0, 0, 0, 0]))
    assert [(one.row, one.true, one.said) for one in found] == [(0, 1, 0), (1, 0, 1), (2, 0, 1)]
    assert [one.by for one in found] == pytest.approx([0.8, 0.6, 0.2])


def test_a_single_output_is_wrong_by_its_distance_from_the_threshold():
    found = mistakes(np.array([[0.9], [0.1], [0.45]]), np.array([0, 0, 1]), 0.5)
    assert [(one.row, one.said) for one in found] == [(0, 1), (2, 0)]
    assert found[0].by == pytest.approx(0.4)


def test_no_pair_of_classes_takes_all_the_room():
    output = np.tile([[0.0, 1.0, 0.0]], (40, 1))
    labels = np.array([0] * 39 + [2])
    found = mistakes(output, labels)
    assert len(found) == MOST_A_CELL + 1
    assert {(one.true, one.said) for one in found} == {(0, 1), (2, 1)}


def test_mistakes_of_a_network_are_the_counts_off_the_diagonal():
    snapshot, data = network("iris", {"units": 3, "activation": "softmax"}, loss="categorical_cross_entropy")
    found = confusion(snapshot, data)
    wrong = np.minimum(found.test, MOST_A_CELL)
    np.fill_diagonal(wrong, 0)
    assert len(found.worst_test) == wrong.sum()
    assert all(data.labels_test[one.row] == one.true for one in found.worst_test)
