"""What a text says where it counts just one: English and Portuguese have two forms, for 1 and the rest."""

# The text for many -> for each of its counts the text for one. A text for one may have another count.
SINGULAR: dict[str, dict[str, str]] = {
    "{rows} rows are left out: a value is missing in them": {
        "rows": "{rows} row is left out: a value is missing in it",
    },
    "{count} values are missing": {"count": "{count} value is missing"},
    "{count} different texts": {"count": "{count} text"},
    "{count} layers not shown": {"count": "{count} layer not shown"},
    "{count} parameters": {"count": "{count} parameter"},
    "{count} inputs": {"count": "{count} input"},
    "{count} units": {"count": "{count} unit"},
    "{count} rows": {"count": "{count} row"},
    "Load weights into {count} layers": {"count": "Load weights into {count} layer"},
    "Remove {count} layers": {"count": "Remove {count} layer"},
    "Remove {count} units": {"count": "Remove {count} unit"},
    "and {count} more changes": {"count": "and {count} more change"},
    "and {count} more inputs": {"count": "and {count} more input"},
    "… and {count} more columns": {"count": "… and {count} more column"},
    "The commonest mistake: {true} is taken for {predicted}, {count} times.": {
        "count": "The commonest mistake: {true} is taken for {predicted}, {count} time.",
    },
    "∂L/∂w = mean of δ · {source} over {count} rows = {value}": {
        "count": "∂L/∂w = δ · {source} of the only row = {value}",
    },
    "Layer {layer}: {units} of {of} ReLUs are dead, 0 on every training row.": {
        "units": "Layer {layer}: 1 of {of} ReLUs is dead, 0 on every training row.",
    },
    "Layer {layer}: all {units} ReLUs are dead: 0 on every training row, so nothing passes.": {
        "units": "Layer {layer}: its only ReLU is dead: 0 on every training row, so nothing passes.",
    },
    "All {epochs} epochs are trained. Play again to go on.": {
        "epochs": "The only epoch is trained. Play again to go on.",
    },
    "This goes on past the {epochs} epochs planned, until you pause.": {
        "epochs": "This goes on past the only epoch planned, until you pause.",
    },
    "({count} planned)": {"count": "(one planned)"},
    "Over {epochs} epochs the training loss went from {first} to {last}; the test loss is {test}.": {
        "epochs": "Over one epoch the training loss went from {first} to {last}; the test loss is {test}.",
    },
    "Over {epochs} epochs the training accuracy went from {first} to {last}; the test accuracy is {test}.": {
        "epochs": "Over one epoch the training accuracy went from {first} to {last}; the test accuracy is "
            "{test}.",
    },
    "Over {epochs} epochs {score} of the training rows went from {first} to {last}; that of the "
    "test rows is {test}.": {
        "epochs": "Over one epoch {score} of the training rows went from {first} to {last}; that of the "
            "test rows is {test}.",
    },
    "{what} of {layers} layers at {count} moments from epoch {first} to {last}.": {
        "layers": "{what} of one layer at {count} moments from epoch {first} to {last}.",
        "count": "{what} of {layers} layers at one moment, epoch {last}.",
    },
    "{what} of one layer at {count} moments from epoch {first} to {last}.": {
        "count": "{what} of one layer at one moment, epoch {last}.",
    },
    "The incoming weights of {count} units of layer 1 as images, from {low} to {high}.": {
        "count": "The incoming weights of the only unit of layer 1 as an image, from {low} to {high}.",
    },
    "From the first to the last of {layers} layers the activations' standard deviation goes from "
    "{a} to {b}, and the gradient that comes back is {first} in the first layer and {last} in the "
    "last.": {
        "layers": "In the only layer the activations' standard deviation is {a}, and the gradient that "
            "comes back is {first}.",
    },
    "{sum} from {count} products": {"count": "{sum} from one product"},
    "Forward: row {row}, one of {count} in the batch": {
        "count": "Forward: row {row}, the only one in the batch",
    },
    "{name} has only {rows} rows": {"rows": "{name} has only one row"},
    "only {rows} rows are complete, at least {fewest} are needed": {
        "rows": "only one row is complete, at least {fewest} are needed",
    },
    "{rows} points are too few, at least {fewest} are needed": {
        "rows": "one point is too few, at least {fewest} are needed",
    },
    "{rows} rows, {columns} columns; {used} rows are complete and make {inputs} inputs each.": {
        "inputs": "{rows} rows, {columns} columns; {used} rows are complete and make one input each.",
    },
    "{value} weights do not fit {classes} classes": {"value": "one weight does not fit {classes} classes"},
}  # fmt: skip


def counted(text: str, values: dict[str, object]) -> str:
    """Return a text in its form for one where it counts one, else as it is."""
    for name, one in SINGULAR.get(text, {}).items():
        if str(values.get(name)) == "1":
            return counted(one, values)
    return text
