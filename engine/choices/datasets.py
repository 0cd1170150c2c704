"""The data sets that a user can pick, from the simplest to the largest: what each one is.

How the rows are made or read is in :mod:`engine.data`; this table is what menus and checks need. What an
experiment's own choices make of an entry (k classes, a file's columns) is :func:`engine.rules.dataset_of`.
"""

from dataclasses import dataclass
from typing import Any

from engine.choices.base import Entry, Parameter, Range

FEATURES_2D = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
FEATURES_1D = ("x", "x^2", "sin(x)")
CLASSES = Range(2, 10)  # how many classes a set of k of them may have


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
    origin : "generated" by its formula, a "table" of a few rows, "read" from a bundled file, or the
        user's "own", which does not exist without a file or points
    span : (low, high) of every raw axis in pictures; None for what the rows span
    categories : those inputs that are the 0 and 1 of one category of a file's column
    tasks : what ``data.task`` may make of it: "classes", "regression"; empty where it is as it is
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
    origin: str = "generated"
    span: tuple[float, float] | None = None
    categories: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()

    @property
    def any_classes(self) -> bool:
        """Whether ``data.classes`` may say how many classes it has."""
        return any(parameter.key == "classes" for parameter in self.parameters)


K_CLASSES = (Parameter("classes", 2, CLASSES, "whole"),)


def _points(key: str, code: int, formula: str, sentence: str, reference: str = "TensorFlow Playground",
            **more: Any) -> Dataset:  # fmt: skip
    """Two inputs, drawn at random."""
    return Dataset(key, code, formula, reference, sentence=sentence, features=FEATURES_2D, span=(-6.0, 6.0),
                   **more)  # fmt: skip


def _table(key: str, code: int, formula: str, sentence: str, reference: str, rows: int,
           inputs: tuple[str, ...], **more: Any) -> Dataset:  # fmt: skip
    """A few rows that are written down: it trains and tests on all of them."""
    usual = {"features": inputs, "default_features": inputs}
    return Dataset(key, code, formula, reference, sentence=sentence, rows=rows, noisy=False, split=False,
                   origin="table", inputs=inputs, **usual | more)  # fmt: skip


def _gate(key: str, code: int, formula: str, sentence: str, reference: str) -> Dataset:
    """The four rows of a truth table."""
    return _table(key, code, formula, sentence, reference, 4, ("x1", "x2"), features=FEATURES_2D,
                  span=(-0.5, 1.5))  # fmt: skip


def _read(key: str, code: int, formula: str, sentence: str, reference: str, rows: int,
          inputs: tuple[str, ...], classes: tuple[str, ...],
          image: tuple[int, int] | None = None) -> Dataset:  # fmt: skip
    """Real rows, read from a bundled file."""
    task = "binary" if len(classes) == 2 else "multiclass"
    return Dataset(
        key, code, formula, reference, sentence=sentence, task=task, inputs=inputs, classes=classes,
        rows=rows, noisy=False, features=inputs, default_features=inputs, image=image, origin="read",
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
_BILL = ("portfolio_monitoring", "credit_analysis", "active_customer")
_REGRESSION: dict[str, Any] = {"task": "regression", "classes": ()}

# In the formulas U(a, b) is uniform, N(0, 1) normal; the noise is the fraction that the user sets.
DATASETS: dict[str, Dataset] = {
    entry.key: entry
    for entry in (
        _points("line", 0, "x ~ U(−5, 5)², 1 where 3 x1 + 4 x2 > 0, at least 0.3 from that line; "
                "noise moves each point by U(−5, 5) · noise",
                "A straight line tells the classes apart, so a single unit learns it.", "Rosenblatt 1958"),
        _points("circle", 1, "angle ~ U(0, 2π), radius ~ U(0, 2.5) for 1 and U(3.5, 5) for 0; "
                "noise moves each point by U(−5, 5) · noise",
                "One class surrounds the other: at least three straight cuts have to close a ring."),
        _points("rings", 17, "angle ~ U(0, 2π), radius ~ 5 (c + U(0.5, 1)) / k for class c = 0 … k − 1; "
                "noise moves each point by U(−5, 5) · noise",
                "Rings around one centre: with x1² and x2² among the inputs they become easy.", "-",
                parameters=K_CLASSES),
        _points("xor", 2, "|x1|, |x2| ~ 0.3 + U(0, 5), 1 where the signs differ; "
                "noise moves each point by U(−5, 5) · noise",
                "No straight line tells the classes apart: a network without a hidden layer hardly does "
                "better than guessing."),
        _points("checkerboard", 18, "m × m fields on (−5, 5)², m = max(4, k), class (column + row) mod k, "
                "points at least a tenth of a field from its edge; "
                "noise moves each point by U(−5, 5) · noise",
                "Fields in turn, as on a board: many straight cuts are needed, so it shows what width and "
                "depth buy.",
                "Ho and Kleinberg 1996", parameters=K_CLASSES),
        _points("gaussians", 3, "x ~ N(±(2, 2), σ²), + for 1, σ² = 0.5 + 7 · noise; "
                "k classes: k centres on that circle",
                "Clouds that run into each other with more noise: the best border is straight.",
                parameters=K_CLASSES),
        _points("moons", 4, "3.4 (cos t − 0.5, sin t − 0.25) for 0, 3.4 (0.5 − cos t, 0.25 − sin t) for 1, "
                "t ~ U(0, π); noise moves each point by U(−3, 3) · noise",
                "Two half circles reach into each other: a small hidden layer bends the border between them.",
                "scikit-learn, make_moons"),
        _points("spiral", 5, "r (sin t, cos t), r = 5 i / n, t = 3.5 π i / n for i = 1 … n, plus π for 0; "
                "k classes: k arms, 2π / k apart; noise moves each point by U(−1, 1) · noise",
                "Arms that wind around each other: the hardest of the small sets, and the one on which "
                "start and optimizer show most.",
                parameters=K_CLASSES),
        _gate("gate_and", 6, "min(x1, x2)", "1 only where both inputs are: a perceptron learns it.",
              "McCulloch and Pitts 1943"),
        _gate("gate_or", 7, "max(x1, x2)", "1 where any input is: a perceptron learns it.",
              "McCulloch and Pitts 1943"),
        _gate("gate_xor", 8, "|x1 − x2|",
              "1 where the inputs differ: no perceptron can learn it, one hidden layer can.",
              "Minsky and Papert 1969"),
        _table("concert", 19, "yes where 3 x1 + 2 x2 + 6 x3 > 5",
               "Go to the concert? The perceptron's decision from three questions, learned from all eight "
               "answers.", "-", 8, ("another_state", "company", "money"),
               classes=("no", "yes"), span=(-0.5, 1.5)),
        _table("bill", 20, "50, 20, 50 → 47 %;  10, 10, 20 → 42 %;  80, 90, 100 → 89 %",
               "Will the customer pay the bill? Three rows to follow by hand from the inputs to the chance.",
               "-", 3, _BILL, **_REGRESSION),
        _points("plane", 9, "y = (x1 + x2) / 10 + noise · N(0, 1), x ~ U(−6, 6)²",
                "A slope to predict: a linear unit is enough.", **_REGRESSION),
        _points("gaussian_bump", 10, "y = exp(−(x1² + x2²) / 8) + noise · N(0, 1), x ~ U(−6, 6)²",
                "A hill to predict: it takes hidden units that bend.", "Broomhead and Lowe 1988",
                **_REGRESSION),
        Dataset("sine", 11, "y = sin x + noise · N(0, 1), x ~ U(−6, 6)", "Bishop, PRML section 1.1",
                sentence="A wave of one input: the fitted curve shows at once what is too stiff or too wild.",
                inputs=("x",), features=FEATURES_1D, default_features=("x",), span=(-6.0, 6.0),
                **_REGRESSION),
        Dataset("credit", 21, "s = 0.5 x1 + 0.4 x2 + 0.7 x3 + 1, x ~ U(0, 100)³; paid where s > 81; "
                "as regression the chance 1 / (1 + exp(−(s − 81) / 15)); "
                "noise moves each number by U(−50, 50) · noise, within 0 and 100", "-",
                sentence="Customers like the bill's, made by one neuron with known weights: see whether "
                "the network finds them.",
                inputs=_BILL, classes=("not_paid", "paid"), features=_BILL, default_features=_BILL,
                tasks=("classes", "regression")),
        _read("digits", 12, "1,797 handwritten digits of 13 people, 8 × 8 pixels from 0 to 16",
              "Small images of digits: real data that train in seconds.",
              "Alpaydin and Kaynak 1998, UCI", 1797, _pixels(8, 8), _DIGITS, (8, 8)),
        _read("mnist", 13, "5,000 handwritten digits, 500 of each, 28 × 28 pixels from 0 to 255",
              "The images of digits on which the field has compared its methods for decades.",
              "LeCun, Cortes and Burges 1998", 5000, _pixels(28, 28), _DIGITS, (28, 28)),
        _read("iris", 14, "150 flowers of three species, four lengths in cm",
              "Three species of flowers: one is easy to tell, two are close.", "Fisher 1936",
              150, _IRIS, ("setosa", "versicolor", "virginica")),
        _read("wine", 15, "178 wines of three grapes, 13 chemical measurements",
              "Thirteen measurements in units of very different size: see what scaling does.",
              "Forina et al. 1988, UCI", 178, _WINE, ("barolo", "grignolino", "barbera")),
        _read("breast_cancer", 16, "569 tumours, 30 measurements of their cell nuclei",
              "A diagnosis in which the two kinds of error do not weigh the same.",
              "Street, Wolberg and Mangasarian 1993, UCI", 569, _BREAST, ("malignant", "benign")),
        Dataset("points", 22, "(x1, x2) and a class each, as drawn", "-",
                sentence="Points of your own: draw the question that you want the network to answer.",
                noisy=False, features=FEATURES_2D, origin="own", span=(-6.0, 6.0), parameters=K_CLASSES),
        Dataset("csv", 23, "the rows of a file: numbers as they are, categories as columns of 0 and 1", "-",
                sentence="A table of your own, as a spreadsheet or a database writes it.",
                noisy=False, inputs=(), features=(), default_features=(), origin="own",
                tasks=("classes", "regression")),
    )
}  # fmt: skip
# Those that there are without a file or points of the user's.
READY = tuple(key for key, entry in DATASETS.items() if entry.origin != "own")
