"""What a text says where it counts just one: English and Portuguese have two forms, for 1 and the rest."""

# The text for many -> the name of its count, and the text for one.
SINGULAR: dict[str, tuple[str, str]] = {
    "{rows} rows are left out: a value is missing in them": (
        "rows", "{rows} row is left out: a value is missing in it",
    ),
    "{count} values are missing": ("count", "{count} value is missing"),
    "{count} different texts": ("count", "{count} text"),
    "{count} layers not shown": ("count", "{count} layer not shown"),
    "{count} parameters": ("count", "{count} parameter"),
    "{count} inputs": ("count", "{count} input"),
    "{count} units": ("count", "{count} unit"),
    "{count} rows": ("count", "{count} row"),
    "Load weights into {count} layers": ("count", "Load weights into {count} layer"),
    "Remove {count} layers": ("count", "Remove {count} layer"),
    "Remove {count} units": ("count", "Remove {count} unit"),
    "and {count} more changes": ("count", "and {count} more change"),
    "and {count} more inputs": ("count", "and {count} more input"),
    "… and {count} more columns": ("count", "… and {count} more column"),
    "The commonest mistake: {true} is taken for {predicted}, {count} times.": (
        "count", "The commonest mistake: {true} is taken for {predicted}, {count} time.",
    ),
    "∂L/∂w = mean of δ · {source} over {count} rows = {value}": (
        "count", "∂L/∂w = δ · {source} of the only row = {value}",
    ),
}  # fmt: skip


def counted(text: str, values: dict[str, object]) -> str:
    """Return a text in its form for one where it counts one, else as it is."""
    name, one = SINGULAR.get(text, ("", text))
    return one if str(values.get(name)) == "1" else text
