"""What the keys of experiment files are called on the screen, in English; i18n translates from here.

A key that is missing here is shown with spaces for underscores, so a new choice needs no change here.
"""

import re

_DATA = {
    "line": "Line", "circle": "Circle", "xor": "XOR", "gaussians": "Gaussians", "moons": "Two moons",
    "spiral": "Spiral", "gate_and": "AND gate", "gate_or": "OR gate", "gate_xor": "XOR gate",
    "plane": "Plane", "gaussian_bump": "Gaussian bump", "sine": "Noisy sine", "digits": "Digits 8×8",
    "mnist": "MNIST 28×28", "iris": "Iris", "wine": "Wine", "breast_cancer": "Breast cancer",
    "rings": "Rings", "checkerboard": "Checkerboard", "concert": "Concert", "bill": "Bill",
    "credit": "Credit", "csv": "CSV file", "points": "Own points",
}  # fmt: skip
_ACTIVATIONS = {
    "step": "step", "linear": "linear", "sigmoid": "sigmoid", "tanh": "tanh", "relu": "ReLU",
    "leaky_relu": "leaky ReLU", "softmax": "softmax", "elu": "ELU", "selu": "SELU", "gelu": "GELU",
    "silu": "SiLU", "softplus": "softplus", "softsign": "softsign", "mish": "Mish", "sine": "sine",
    "hard_tanh": "hard tanh",
}  # fmt: skip
_LOSSES = {
    "mse": "Mean squared error", "binary_cross_entropy": "Binary cross-entropy",
    "categorical_cross_entropy": "Categorical cross-entropy", "mae": "Mean absolute error", "huber": "Huber",
    "hinge": "Hinge", "perceptron": "Perceptron",
}  # fmt: skip
_SHORT_LOSSES = {
    "mse": "Squared error", "binary_cross_entropy": "Cross-entropy",
    "categorical_cross_entropy": "Cross-entropy", "mae": "Absolute error", "huber": "Huber",
    "hinge": "Hinge", "perceptron": "Perceptron",
}  # fmt: skip
_INITIALIZERS = {
    "zeros": "Zeros", "constant": "Constant", "uniform": "Uniform", "normal": "Normal",
    "lecun_uniform": "LeCun uniform", "lecun_normal": "LeCun normal",
    "xavier_uniform": "Xavier / Glorot uniform", "xavier_normal": "Xavier / Glorot normal",
    "he_uniform": "He uniform", "he_normal": "He normal", "orthogonal": "Orthogonal",
    "lsuv": "LSUV (looks at a batch)", "truncated_normal": "Truncated normal",
    "variance_scaling": "Variance scaling", "identity": "Identity", "sparse": "Sparse",
    "from_file": "Copy from file",
}  # fmt: skip
_SHORT_INITIALIZERS = {
    "zeros": "zeros", "constant": "constant", "uniform": "uniform", "normal": "normal",
    "lecun_uniform": "LeCun unif.", "lecun_normal": "LeCun norm.", "xavier_uniform": "Xavier unif.",
    "xavier_normal": "Xavier norm.", "he_uniform": "He unif.", "he_normal": "He norm.",
    "orthogonal": "orthogonal", "lsuv": "LSUV", "truncated_normal": "trunc. norm.",
    "variance_scaling": "var. scaling", "identity": "identity", "sparse": "sparse",
    "from_file": "from another training",
}  # fmt: skip
_OPTIONS = {
    "fan_in": "Fan-in", "fan_out": "Fan-out", "fan_avg": "Their mean",
    "normal": "Normal", "truncated_normal": "Trunc. normal", "uniform": "Uniform",
}  # fmt: skip
_OPTIMIZERS = {
    "sgd": "SGD", "momentum": "Momentum", "nesterov": "Nesterov", "adagrad": "AdaGrad", "rmsprop": "RMSProp",
    "adam": "Adam", "adadelta": "AdaDelta", "adamw": "AdamW", "amsgrad": "AMSGrad", "nadam": "NAdam",
    "adamax": "AdaMax", "lion": "Lion", "rprop": "Rprop", "lbfgs": "L-BFGS",
}  # fmt: skip
_SCHEDULES = {
    "constant": "Constant", "inverse_time": "Inverse time", "step": "Steps", "exponential": "Exponential",
    "cosine": "Cosine", "warmup_cosine": "Warm-up, cosine", "one_cycle": "One cycle",
    "plateau": "On a plateau",
}  # fmt: skip
_PARAMETERS = {
    "learning_rate": "Rate", "momentum": "Momentum", "initial_accumulator": "Accumulator",
    "epsilon": "Epsilon", "rho": "Rho", "beta1": "Beta 1", "beta2": "Beta 2", "slope": "Slope",
    "alpha": "Alpha", "delta": "Delta",
    "limit": "Limit", "std": "Std. deviation", "value": "Value", "gain": "Gain", "l1": "L1", "l2": "L2",
    "weight_decay": "Weight decay", "bias_correction": "Correction", "eta_minus": "Shrink by",
    "eta_plus": "Grow by", "min_step": "Min. step", "max_step": "Max. step", "memory": "Memory",
    "decay": "Decay", "factor": "Factor", "every": "Every … epochs", "final": "Final share",
    "start": "First share", "warmup": "Warm-up share", "patience": "Patience", "min_delta": "Smallest fall",
    "lowest": "Lowest share", "scale": "Scale", "mode": "Fan", "distribution": "Distribution",
    "gain_by_activation": "Gain of the activation", "nonzero": "Links per unit", "path": "File",
    "layer": "Layer in the file",
}  # fmt: skip
_FIELDS = {
    **_PARAMETERS,
    "learning_rate": "Learning rate", "bias_correction": "Bias correction", "samples": "Samples",
    "noise": "Noise", "test_fraction": "Test share",
    "validation_fraction": "Validation share", "scaling": "Scaling", "features": "Features",
    "units": "Units", "activation": "Activation", "initializer": "Initial weights",
    "bias_initializer": "Initial biases", "batch_norm": "Batch normalization", "dropout": "Dropout",
    "trainable": "Trainable", "loss": "Loss", "optimizer": "Optimizer", "schedule": "Schedule",
    "gradient_clip": "Gradient clipping", "batch_size": "Batch", "epochs": "Epochs",
    "precision": "Precision", "early_stopping": "Early stopping", "target_loss": "Target loss",
    "title": "Title", "version": "Version", "name": "Name", "data": "Data", "seeds": "Seeds",
    "regularization": "Regularization", "training": "Training", "augmentation": "Augmentation",
    "input_noise": "Input noise", "shift": "Image shift", "jitter": "Data jitter",
    "restore_best": "Restore the best",
    "classes": "Classes", "class_shares": "Shares of the classes", "label_noise": "Wrong labels",
    "task": "Task", "points": "Points", "test_points": "Test points", "path": "File",
    "target": "Target column", "columns": "Columns", "header": "Header", "decimal": "Decimal mark",
}  # fmt: skip
FAMILIES: dict[str, dict[str, str]] = {
    "data": _DATA,
    "scalings": {"none": "none", "standard": "standard", "minmax": "min–max"},
    "activations": _ACTIVATIONS,
    "losses": _LOSSES,
    "short_losses": _SHORT_LOSSES,
    "initializers": _INITIALIZERS,
    "short_initializers": _SHORT_INITIALIZERS,
    "bias_initializers": {
        "zeros": "Zeros",
        "constant": "Constant",
        "uniform": "Uniform",
        "normal": "Normal",
    },
    "option": _OPTIONS,
    "optimizers": _OPTIMIZERS,
    "regularizers": {"l1": "L1", "l2": "L2"},
    "normalizations": {"none": "none", "before": "before activation", "after": "after activation"},
    "clippings": {"none": "no clipping", "value": "by value", "norm": "by norm"},
    "schedules": _SCHEDULES,
    "picture": {
        "network": "Network",
        "boundary": "Decision boundary",
        "fitted_curve": "Learned curve",
        "confusion_matrix": "Confusion matrix",
        "metrics": "Losses and scores",
        "loss_curve": "Loss over the epochs",
        "histograms": "Weights",
        "first_layer": "First layer",
        "gradients": "Gradients",
        "activations": "Activations",
        "activation_cloud": "Activation functions with their inputs",
        "loss_surface": "Loss surface",
        "signal": "Signal by layer",
        "update_ratio": "Size of the updates",
        "compare": "Compare",
        "findings": "What the machine sees",
    },
    "tasks": {"classes": "Classes", "regression": "Numbers"},
    "csv_header": {"found": "automatic", "yes": "names", "no": "data"},
    "csv_decimal": {"found": "automatic", "point": "point", "comma": "comma"},
    "csv_task": {"found": "automatic", "classes": "Classes", "regression": "Numbers"},
    "class_numbers": {"as_they_are": "as they are", "equal": "equal", "balanced": "balanced", "own": "own"},
    "parameter": _PARAMETERS,
    "field": _FIELDS,
    "precision": {"float32": "32 bits", "float64": "64 bits"},
    "seed": {"data": "Data seed", "init": "Weights seed", "order": "Order seed"},
    "task": {"binary": "Two classes", "multiclass": "More classes", "regression": "Regression"},
}
_SINGULAR = {
    "scaling": "scalings", "activation": "activations", "loss": "losses", "initializer": "initializers",
    "bias_initializer": "bias_initializers", "optimizer": "optimizers", "regularizer": "regularizers",
    "schedule": "schedules", "parameters": "parameter", "dataset": "data", "datasets": "data",
}  # fmt: skip


def english(family: str, key: str) -> str:
    """Return the English name of a family's key."""
    if family == "feature":
        return feature(key)
    table = FAMILIES.get(_SINGULAR.get(family, family), {})
    return table.get(key) or key.replace("_", " ")


def english_of_any(key: str, kind: str = "") -> str:
    """Return the English name of a key of whatever family of choices, or the key itself.

    Where several families have the key, that of the kind ("activation") comes first.
    """
    first = _SINGULAR.get(kind, "data")
    for family in (first, "data", "activations", "losses", "initializers", "optimizers", "scalings"):
        if key in FAMILIES[family]:
            return FAMILIES[family][key]
    return key


_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def feature(key: str) -> str:
    """Return a feature in mathematical writing: ``x1^2`` is x₁², ``sin(x1)`` is sin x₁."""
    text = re.sub(r"x(\d+)", lambda found: "x" + found[1].translate(_SUBSCRIPT), key)
    text = text.replace("^2", "²").replace("*", "")
    return re.sub(r"sin\((.*?)\)", r"sin \1", text).replace("_", " ")
