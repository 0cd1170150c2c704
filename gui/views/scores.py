"""What is drawn over the epochs and written large: the loss, and the scores that a task has."""

from gui.i18n import fixed, number, percent

# The score -> the word to press for it, in English. The engine's metrics are train_f1, test_f1 and so on.
WORDS = {"loss": "loss", "accuracy": "accuracy", "f1": "F1", "r2": "R²"}
HINTS = {
    "loss": "What the training lowers.",
    "accuracy": "The share of rows whose class is named.",
    "f1": "The harmonic mean of precision and recall: of class 1 where there are two classes, else the "
          "mean over the classes.",
    "r2": "1 is exact, 0 as good as always the mean: 1 minus the squared errors divided by those of the "
          "mean.",
}  # fmt: skip
LOWEST = -1.0  # where the axis of R² ends at the latest: it has no least value


def fitting(task: str) -> tuple[str, ...]:
    """Return the scores that a task has, the loss first."""
    return ("loss", "r2") if task == "regression" else ("loss", "accuracy", "f1")


def written(score: str, value: float) -> str:
    """Return a value of a score as it is read out."""
    if score == "accuracy":
        return percent(value)
    return number(value) if score == "loss" else fixed(value)


def ends(least: float) -> tuple[float, float]:
    """Return the ends of the axis of a score that is no loss, where this is the least value of it."""
    return max(LOWEST, min(0.0, least)), 1.0
