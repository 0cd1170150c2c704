"""The data sets that a user can pick, from the simplest to the largest: what each one is.

How the rows are made or read is in :mod:`engine.data`; this table is what menus and checks need.
"""

from dataclasses import dataclass
from typing import Any

from engine.choices.base import Entry

FEATURES_2D = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
FEATURES_1D = ("x", "x^2", "sin(x)")


@dataclass(frozen=True)
class Dataset(Entry):
    """A data set.

    Attributes
    ----------
    task : "binary" (two classes), "multiclass" (more than two) or "regression"
    inputs : the names of its raw columns, in order
    classes : the names of its classes; empty for regression
    rows : the number of rows of a set that is read; None for a set that is generated
    noisy : whether ``data.noise`` means anything for it
    features : the features that may be picked, in order
    default_features : those that are on at the start
    image : (height, width) when a row is a grey image, else None
    split : whether its rows are split; if not, it trains and tests on all of them
    """

    task: str = "binary"
    inputs: tuple[str, ...] = ("x1", "x2")
    classes: tuple[str, ...] = ("0", "1")
    rows: int | None = None
    noisy: bool = True
    features: tuple[str, ...] = ("x1", "x2")
    default_features: tuple[str, ...] = ("x1", "x2")
    image: tuple[int, int] | None = None
    split: bool = True


def _points(key: str, code: int, formula: str, reference: str = "TensorFlow Playground",
            **more: Any) -> Dataset:  # fmt: skip
    """Two inputs, drawn at random."""
    return Dataset(key, code, formula, reference, features=FEATURES_2D, **more)


def _gate(key: str, code: int, formula: str, reference: str) -> Dataset:
    """The four rows of a truth table."""
    return Dataset(
        key, code, formula, reference, features=FEATURES_2D, rows=4, noisy=False, split=False
    )  # fmt: skip


def _read(key: str, code: int, formula: str, reference: str, rows: int, inputs: tuple[str, ...],
          classes: tuple[str, ...], image: tuple[int, int] | None = None) -> Dataset:  # fmt: skip
    """Real rows, read from a bundled file."""
    task = "binary" if len(classes) == 2 else "multiclass"
    return Dataset(
        key, code, formula, reference, task=task, inputs=inputs, classes=classes, rows=rows, noisy=False,
        features=inputs, default_features=inputs, image=image,
    )  # fmt: skip


def _pixels(height: int, width: int) -> tuple[str, ...]:
    """Name the pixels row by row, from the upper left."""
    return tuple(f"p{index}" for index in range(height * width))


_DIGITS = tuple("0123456789")
_IRIS = ("sepal_length", "sepal_width", "petal_length", "petal_width")
_WINE = ("alcohol", "malic_acid", "ash", "ash_alkalinity", "magnesium", "total_phenols",
         "flavanoids", "nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "dilution",
         "proline")  # fmt: skip
_CELL = ("radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity",
         "concave_points", "symmetry", "fractal_dimension")  # fmt: skip
_BREAST = tuple(f"{part}_{column}" for part in ("mean", "error", "worst") for column in _CELL)
_REGRESSION: dict[str, Any] = {"task": "regression", "classes": ()}

# In the formulas U(a, b) is uniform, N(0, 1) normal; the noise is the fraction that the user sets.
DATASETS: dict[str, Dataset] = {
    entry.key: entry
    for entry in (
        _points("line", 0, "x ~ U(−5, 5)², 1 where 3 x1 + 4 x2 > 0, at least 0.3 from that line; "
                "noise moves each point by U(−5, 5) · noise", "Rosenblatt 1958"),
        _points("circle", 1, "angle ~ U(0, 2π), radius ~ U(0, 2.5) for 1 and U(3.5, 5) for 0; "
                "noise moves each point by U(−5, 5) · noise"),
        _points("xor", 2, "|x1|, |x2| ~ 0.3 + U(0, 5), 1 where the signs differ; "
                "noise moves each point by U(−5, 5) · noise"),
        _points("gaussians", 3, "x ~ N(±(2, 2), σ²), + for 1, σ² = 0.5 + 7 · noise"),
        _points("moons", 4, "3.4 (cos t − 0.5, sin t − 0.25) for 0, 3.4 (0.5 − cos t, 0.25 − sin t) for 1, "
                "t ~ U(0, π); noise moves each point by U(−3, 3) · noise", "scikit-learn, make_moons"),
        _points("spiral", 5, "r (sin t, cos t), r = 5 i / n, t = 3.5 π i / n for i = 1 … n, plus π for 0; "
                "noise moves each point by U(−1, 1) · noise"),
        _gate("gate_and", 6, "min(x1, x2)", "McCulloch and Pitts 1943"),
        _gate("gate_or", 7, "max(x1, x2)", "McCulloch and Pitts 1943"),
        _gate("gate_xor", 8, "|x1 − x2|", "Minsky and Papert 1969"),
        _points("plane", 9, "y = (x1 + x2) / 10 + noise · N(0, 1), x ~ U(−6, 6)²", **_REGRESSION),
        _points("gaussian_bump", 10, "y = exp(−(x1² + x2²) / 8) + noise · N(0, 1), x ~ U(−6, 6)²",
                "Broomhead and Lowe 1988", **_REGRESSION),
        Dataset("sine", 11, "y = sin x + noise · N(0, 1), x ~ U(−6, 6)", "Bishop, PRML section 1.1",
                inputs=("x",), features=FEATURES_1D, default_features=("x",), **_REGRESSION),
        _read("digits", 12, "1,797 handwritten digits of 13 people, 8 × 8 pixels from 0 to 16",
              "Alpaydin and Kaynak 1998, UCI", 1797, _pixels(8, 8), _DIGITS, (8, 8)),
        _read("mnist", 13, "5,000 handwritten digits, 500 of each, 28 × 28 pixels from 0 to 255",
              "LeCun, Cortes and Burges 1998", 5000, _pixels(28, 28), _DIGITS, (28, 28)),
        _read("iris", 14, "150 flowers of three species, four lengths in cm", "Fisher 1936",
              150, _IRIS, ("setosa", "versicolor", "virginica")),
        _read("wine", 15, "178 wines of three grapes, 13 chemical measurements", "Forina et al. 1988, UCI",
              178, _WINE, ("barolo", "grignolino", "barbera")),
        _read("breast_cancer", 16, "569 tumours, 30 measurements of their cell nuclei",
              "Street, Wolberg and Mangasarian 1993, UCI", 569, _BREAST, ("malignant", "benign")),
    )
}  # fmt: skip
