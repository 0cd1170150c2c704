"""Numbers from papers and textbooks that a correct engine reproduces."""

import math

import numpy as np
import pytest

from engine import Session
from engine.choices import ACTIVATIONS, INITIALIZERS
from engine.snapshot import Pairs, Snapshot
from engine.start import LSUV_ROWS, LSUV_TOLERANCE
from tests.engine.reference.build import PATHS, PRECISIONS, bare, descend, experiment, force_path, gradients


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    force_path(monkeypatch, request.param)
    return str(request.param)


# A worked example of backpropagation (Mazur 2015). Its loss, the sum of ½ (t - o)² over two outputs, is the
# mean of (t - o)².

X, T = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
MAZUR = [
    (np.array([[0.15, 0.25], [0.20, 0.30]]), np.array([0.35, 0.35])),
    (np.array([[0.40, 0.50], [0.45, 0.55]]), np.array([0.60, 0.60])),
]


def mazur(pairs: Pairs = MAZUR) -> Snapshot:
    network = bare(2, [(2, "sigmoid"), (2, "sigmoid")])
    return network.at(network.plan.pack(pairs))


def test_the_worked_example_forward(path: str) -> None:
    hidden, output = mazur().forward(X)
    np.testing.assert_allclose(hidden, [[0.59326999, 0.59688438]], rtol=0, atol=5e-9)
    np.testing.assert_allclose(output, [[0.75136507, 0.77292847]], rtol=0, atol=5e-9)
    assert mazur().loss(X, T) == pytest.approx(0.298371109, rel=0, abs=5e-10)


def test_the_worked_example_with_biases_held_fixed(path: str) -> None:
    grads = gradients(mazur(), X, T)
    moved = [(w - 0.5 * dw, b) for (w, b), (dw, _) in zip(MAZUR, grads, strict=True)]
    np.testing.assert_allclose(moved[1][0].T.ravel(), [0.35891648, 0.40866619, 0.51130127, 0.56137012],
                               rtol=0, atol=5e-9)  # fmt: skip
    np.testing.assert_allclose(moved[0][0].T.ravel(), [0.14978072, 0.19956143, 0.24975114, 0.29950229],
                               rtol=0, atol=5e-9)  # fmt: skip
    assert mazur(moved).loss(X, T) == pytest.approx(0.29102777, rel=0, abs=5e-9)


def test_the_worked_example_with_a_bias_a_unit_trained_too(path: str) -> None:
    assert descend(mazur(), "sgd", [0.5], X, T, 1).loss(X, T) == pytest.approx(0.28047145, rel=0, abs=5e-9)


# Single units.


def test_the_concert_decision(path: str) -> None:
    """Go when money allows it: 3 + 2 = 5 is not above the threshold 5."""
    network = bare(3, [(1, "step")])
    network = network.at(network.plan.pack([(np.array([[3.0], [2.0], [6.0]]), np.array([-5.0]))]))
    questions = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)], float)
    assert np.array_equal(network.predict(questions)[:, 0], questions[:, 2])


def test_the_bill_examples_weighted_sum(path: str) -> None:
    for activation in ACTIVATIONS:
        network = bare(3, [(1, activation)])
        network = network.at(network.plan.pack([(np.array([[0.5], [0.4], [0.7]]), np.array([1.0]))]))
        z = network.forward(np.array([[50.0, 20.0, 20.0]]), pre=True)[0]
        assert z[0, 0] == pytest.approx(48, rel=1e-15)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_zero_logits_cost_ln_of_the_classes(precision: str, path: str) -> None:
    tolerance = 4 * float(np.finfo(precision).eps)
    network = bare(2, [(1, "sigmoid")], loss="binary_cross_entropy", precision=precision)
    for target in (0.0, 1.0):
        loss = network.loss(np.ones((5, 2)), np.full((5, 1), target))
        assert loss == pytest.approx(math.log(2), rel=tolerance)
    for classes in (2, 3, 10, 100):
        network = bare(2, [(classes, "softmax")], loss="categorical_cross_entropy", precision=precision)
        loss = network.loss(np.ones((classes, 2)), np.eye(classes))
        assert loss == pytest.approx(math.log(classes), rel=tolerance)


@pytest.mark.parametrize(("data", "output", "classes"), [("spiral", "sigmoid", 2), ("digits", "softmax", 10)])
def test_a_training_from_zeros_starts_at_ln_of_the_classes(data: str, output: str, classes: int) -> None:
    metrics = Session(experiment((8,), data=data, output=output, initializer="zeros")).metrics()
    assert metrics["train_loss"] == pytest.approx(math.log(classes), rel=1e-6)
    assert metrics["test_loss"] == pytest.approx(math.log(classes), rel=1e-6)


def test_a_sigmoid_net_started_small_is_a_linear_model(path: str) -> None:
    """Near zero sigmoid(x) = 1/2 + x/4 - x³/48 + ..."""
    x = np.random.default_rng(0).standard_normal((50, 4))
    network = bare(4, [(6, "sigmoid")], initializer={"name": "normal", "std": 1e-3})
    w = network.weights()[0][0]
    linear = 0.5 + x @ w / 4
    assert np.abs(network.predict(x) - linear).max() <= np.abs(x @ w).max() ** 3 / 47
    assert np.abs(network.predict(x) - 0.5).max() > 1e-4


# Descent on a quadratic: a linear layer of two outputs on four rows, whose loss has the eigenvalues 1 and .01
# for the weights and 1 for the biases; all targets are 0.

ROWS, NONE = np.sqrt(2) * np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.1], [0.0, -0.1]]), np.zeros((4, 2))


def quadratic() -> Snapshot:
    network = bare(2, [(2, "linear")])
    return network.at(network.plan.pack([(np.array([[1.0, -2.0], [3.0, -4.0]]), np.zeros(2))]))


def errors(network: Snapshot) -> np.ndarray:
    """Return how far the weights are from their optimum, 0: (inputs, outputs)."""
    return network.weights()[0][0]


def test_gradient_descent_contracts_as_the_eigenvalues_say(path: str) -> None:
    here = quadratic()
    for _ in range(20):
        after = descend(here, "sgd", [1.980198], ROWS, NONE, 1)
        ratio = errors(after) / errors(here)
        np.testing.assert_allclose(np.abs(ratio), 0.980198, rtol=0, atol=5e-7)
        assert (ratio[0] < 0).all(), "the steep direction overshoots"
        assert (ratio[1] > 0).all(), "the flat one creeps"
        here = after


def test_the_heavy_ball_contracts_by_its_spectral_radius(path: str) -> None:
    """Both ends of the spectrum are double roots there: the error shrinks as k radius^k in the long run."""
    rates = [3.305785, 0.669421]
    near = descend(quadratic(), "momentum", rates, ROWS, NONE, 150)
    far = descend(near, "momentum", rates, ROWS, NONE, 150)
    radius = (np.abs(errors(far) / errors(near)) / 2) ** (1 / 150)
    np.testing.assert_allclose(radius, 0.818182, rtol=0, atol=5e-4)
    plain = descend(quadratic(), "sgd", [1.980198], ROWS, NONE, 300)
    assert np.abs(errors(far)).max() < 1e-20 < 1e-3 < np.abs(errors(plain)).min()


def test_gradient_descent_is_stable_exactly_below_2_over_the_largest_eigenvalue(path: str) -> None:
    for factor in (0.999, 1.0, 1.001):
        end = descend(quadratic(), "sgd", [2 * factor], ROWS, NONE, 1000)
        growth = np.abs(errors(end) / errors(quadratic()))[0]
        np.testing.assert_allclose(growth, abs(1 - 2 * factor) ** 1000, rtol=1e-6)


# Variance through 10 layers of 500 units, inputs N(0, 1).


def stds(activation: object, initializer: object, seeds: int, rows: int = 500) -> np.ndarray:
    """Return the std of the activations by layer, averaged over seeds."""
    found = []
    for seed in range(seeds):
        x = np.random.default_rng((seed, 1)).standard_normal((rows, 500))
        network = bare(500, [(500, activation)] * 10, initializer=initializer, seed=seed, precision="float32")
        found.append([a.std(dtype=float) for a in network.forward(x)])
    return np.mean(found, axis=0)


def test_tanh_from_small_weights_vanishes() -> None:
    std = stds("tanh", {"name": "normal", "std": 0.01}, 5)
    np.testing.assert_allclose(std[:4], [0.21355, 0.04764, 0.01065, 0.00238], rtol=0.01)
    assert std[9] == pytest.approx(3.0e-7, rel=0.03)


def test_tanh_from_large_weights_saturates() -> None:
    std = stds("tanh", {"name": "normal", "std": 1}, 5)
    np.testing.assert_allclose(std, [0.98201] + [0.98168] * 9, rtol=0.002)


TANH_LECUN = [0.62793, 0.48626, 0.40824, 0.35764, 0.32162, 0.29439, 0.27291, 0.25543, 0.24086, 0.22847]


@pytest.mark.parametrize("initializer", ["lecun_normal", "lecun_uniform", "xavier_normal", "xavier_uniform"])
def test_tanh_from_a_variance_of_1_over_n_shrinks_slowly(initializer: str) -> None:
    np.testing.assert_allclose(stds("tanh", initializer, 5), TANH_LECUN, rtol=0.01)


@pytest.mark.parametrize(
    "initializer",
    [{"name": "normal", "std": 5 / 3 / math.sqrt(500)},
     {"name": "variance_scaling", "gain_by_activation": True}],
)  # fmt: skip
def test_tanh_with_a_gain_of_five_thirds_settles(initializer: dict[str, object]) -> None:
    std = stds("tanh", initializer, 5)
    np.testing.assert_allclose(std[:4], [0.7594, 0.6930, 0.6685, 0.6586], rtol=0.01)
    assert std[9] == pytest.approx(0.65135, rel=0.01)


@pytest.mark.parametrize("initializer", ["he_normal", "he_uniform"])
def test_relu_from_he_keeps_mean_and_std(initializer: str) -> None:
    means, spreads = [], []
    for seed in range(20):
        x = np.random.default_rng((seed, 1)).standard_normal((100, 500))
        network = bare(500, [(500, "relu")] * 10, initializer=initializer, seed=seed, precision="float32")
        layers = network.forward(x)
        means.append([a.mean(dtype=float) for a in layers])
        spreads.append([a.std(dtype=float) for a in layers])
    np.testing.assert_allclose(np.mean(means, axis=0), 0.56419, rtol=0.15)
    np.testing.assert_allclose(np.mean(spreads, axis=0), 0.82565, rtol=0.15)
    assert np.mean(means, axis=0)[0] == pytest.approx(0.56419, rel=0.01)
    assert np.mean(spreads, axis=0)[0] == pytest.approx(0.82565, rel=0.01)


LEAKY = [(0.01, 1.99980), (0.1, 1.98020), (0.2, 1.92308), (0.3, 1.83486)]


@pytest.mark.parametrize(("slope", "scale"), LEAKY)
def test_leaky_relu_keeps_the_variance_at_2_over_1_plus_its_slope_squared(slope: float, scale: float) -> None:
    leaky = {"name": "leaky_relu", "slope": slope}
    grid = np.linspace(-6, 6, 4001)[:, None]  # any symmetric distribution
    network = bare(1, [(1, leaky)])
    network = network.at(network.plan.pack([(np.ones((1, 1)), np.zeros(1))]))
    share = np.square(network.predict(grid)).mean() / np.square(grid).mean()
    assert scale * share == pytest.approx(1, abs=5e-6)
    std = math.sqrt(scale / 500)
    x = np.random.default_rng(0).standard_normal((100, 500))
    deep = bare(500, [(500, leaky)] * 10, initializer={"name": "normal", "std": std}, precision="float32")
    for z in deep.forward(x, pre=True):
        assert np.square(z, dtype=float).mean() == pytest.approx(scale, rel=0.35)


def test_relu_makes_directions_alike() -> None:
    """The correlation map of ReLU at He from two rows at right angles (Poole et al. 2016)."""
    rows = np.zeros((2, 1000))
    rows[0, ::2], rows[1, 1::2] = 1, 1
    found = []
    for seed in range(5):
        network = bare(1000, [(1000, "relu")] * 5, initializer="he_normal", seed=seed, precision="float32")
        layers = (a.astype(float) for a in network.forward(rows))
        found.append([u @ v / math.sqrt((u @ u) * (v @ v)) for u, v in layers])
    expected = [0.318310, 0.493731, 0.604826, 0.680954, 0.735946]
    np.testing.assert_allclose(np.mean(found, axis=0), expected, atol=0.025)


def test_a_missing_root_of_2_a_layer_fades() -> None:
    """He et al. 2015, section 2.2: LeCun in place of He leaves 2^(-layers / 2); the draws are the same."""
    x = np.random.default_rng(0).standard_normal((10, 40))
    for layers, left in ((22, 4.9e-4), (30, 3.1e-5)):
        starts = ("he_normal", "lecun_normal")
        shape = [(40, "relu")] * layers
        with_root, without = (bare(40, shape, initializer=name).predict(x) for name in starts)
        assert np.linalg.norm(without) / np.linalg.norm(with_root) == pytest.approx(left, rel=0.02)


def test_a_std_of_a_hundredth_fades_over_hes_chain() -> None:
    """He et al. 2015: 64 to 512 filters of 3 x 3; their factors 5.9, 4.2², 2.9², 2.1⁴ make 17,023."""
    he = INITIALIZERS["he_normal"]
    factors = [round(he.spread(9 * filters, 1, {}) / 0.01, 1) for filters in (64, 128, 256, 512)]
    assert factors == [5.9, 4.2, 2.9, 2.1]
    assert np.prod(np.power(factors, [1, 2, 2, 4])) == pytest.approx(17_023, abs=0.5)


# LSUV and ESL.


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "tanh", "relu"])
def test_lsuv_gives_every_layer_unit_variance(activation: str, path: str) -> None:
    x = np.random.default_rng(0).standard_normal((400, 12)) * 5 + 1
    network = bare(12, [(30, activation)] * 6 + [(3, "linear")], initializer="lsuv", x=x)
    for layer, z in enumerate(network.forward(x[:LSUV_ROWS], pre=True)):
        assert abs(z.std() - 1) < LSUV_TOLERANCE, layer
    assert any(abs(z.std() - 1) > 1e-3 for z in network.forward(x[LSUV_ROWS:], pre=True))


def test_lsuv_scales_an_orthonormal_start() -> None:
    x = np.random.default_rng(0).standard_normal((300, 12)) * 5
    scaled = bare(12, [(30, "tanh"), (8, "tanh")], initializer="lsuv", x=x).weights()
    for w, _ in scaled:
        small = w if w.shape[0] <= w.shape[1] else w.T
        gram = small @ small.T
        np.testing.assert_allclose(gram / gram[0, 0], np.eye(len(gram)), atol=1e-12)


def test_lsuv_leaves_a_layer_alone_that_gets_nothing() -> None:
    network = bare(4, [(5, "relu"), (2, "linear")], initializer="lsuv", x=np.zeros((10, 4)))
    w = network.weights()[0][0]
    assert np.isfinite(network.theta).all()
    np.testing.assert_allclose(w @ w.T, np.eye(4), atol=1e-12)


def test_lsuv_of_a_session_looks_at_its_first_training_rows() -> None:
    session = Session(experiment((10, 10), data="digits", output="softmax", initializer="lsuv"))
    for z in session.initial.forward(session.data.x_train[:LSUV_ROWS], pre=True):
        assert abs(z.std(dtype=float) - 1) < LSUV_TOLERANCE


@pytest.mark.parametrize("activation", ["tanh", "relu", "leaky_relu", "linear"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_exact_zeros_never_move(activation: str, optimizer: str, path: str) -> None:
    """ESL II, section 11.5.1: zero weights lead to zero derivatives. Only the last bias finds its mean."""
    chosen = experiment((6, 6), data={"name": "circle", "samples": 40}, activation=activation,
                        initializer="zeros", optimizer=optimizer)  # fmt: skip
    session = Session(chosen)
    session.run(50)
    *hidden, (w, b) = session.weights()
    assert not any(array.any() for pair in hidden for array in pair)
    assert not w.any()
    assert np.isfinite(b).all()


def test_small_uniform_weights_learn_where_zeros_do_not() -> None:
    losses = {}
    for start in ("zeros", "uniform"):
        session = Session(experiment((8,), data="circle", initializer=start,
                                     optimizer={"name": "sgd", "learning_rate": 0.3}))  # fmt: skip
        session.run(60)
        losses[start] = session.metrics()["train_loss"]
    assert losses["uniform"] < 0.3 < losses["zeros"]


def test_the_uniform_starts_default_is_that_of_the_book() -> None:
    w = bare(300, [(300, "tanh")], initializer="uniform").weights()[0][0]
    assert 0.69 < w.max() <= 0.7
    assert -0.7 <= w.min() < -0.69
