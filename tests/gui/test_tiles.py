"""Cards in rows and columns: whatever is moved, every card stands somewhere and none covers another."""

import json
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gui import tiles
from gui.landing import Landing, landed, step, under
from gui.tiles import SIDES, Rect, Split, Tree, names, needed, places, put, split, swapped, without

ROOM, GAP = Rect(10, 20, 1200, 800), 12
CARDS = ["network", "result", "bottom", "curve"]


def least(_name: str) -> tuple[int, int]:
    return 100, 60


def designed() -> Tree:
    return split("column", [split("row", ["network", "result"], [2, 1]), "bottom"], [3, 1])


moves = st.lists(
    st.tuples(
        st.sampled_from(CARDS), st.sampled_from([*CARDS, None]), st.sampled_from([*SIDES, None]),
        st.floats(0.1, 0.9),
    ), max_size=12,
)  # fmt: skip


def moved(steps: list) -> Tree:
    tree = designed()
    for name, target, side, share in steps:
        here = set(names(tree))
        if side is None and target is not None and {name, target} <= here:
            tree = swapped(tree, name, target)
        elif side is not None and target != name and (target is None or target in here):
            tree = put(tree, name, target, side, share)
    return tree


@settings(deadline=None)
@given(moves)
def test_cards_fill_the_room_and_none_covers_another(steps: list) -> None:
    tree = moved(steps)
    assert sorted(names(tree)) == sorted(set(names(tree))) and set(names(tree)) >= set(CARDS[:3])
    rects = places(tree, ROOM, GAP, least)
    for one, other in combinations(rects.values(), 2):
        apart = max(other.x - one.x - one.width, one.x - other.x - other.width,
                    other.y - one.y - one.height, one.y - other.y - other.height)  # fmt: skip
        assert apart >= GAP
    strips = [gap.rect for gap in tiles.gaps(tree, ROOM, GAP, least)]
    covered = sum(rect.width * rect.height for rect in (*rects.values(), *strips))
    assert covered == ROOM.width * ROOM.height  # nothing is left empty
    width, height = needed(tree, GAP, least)
    if width <= ROOM.width and height <= ROOM.height:
        assert all(rect.width >= 100 and rect.height >= 60 for rect in rects.values())


@settings(deadline=None)
@given(moves)
def test_what_the_settings_keep_is_read_back(steps: list) -> None:
    tree = moved(steps)
    again = tiles.read(tiles.text(tree), CARDS[:3], CARDS[3:])
    assert again is not None
    before, after = (places(one, ROOM, GAP, least) for one in (tree, again))
    assert before.keys() == after.keys()
    for name, rect in before.items():
        assert all(abs(a - b) <= 2 for a, b in zip(rect, after[name], strict=True))


@settings(deadline=None)
@given(moves, st.sampled_from(CARDS[:3]))
def test_a_card_goes_and_leaves_its_room_to_the_others(steps: list, name: str) -> None:
    tree = moved(steps)
    rest = without(tree, [name])
    assert rest is not None and set(names(rest)) == set(names(tree)) - {name}
    assert without(tree, list(names(tree))) is None


@settings(deadline=None)
@given(moves, st.sampled_from(CARDS[:3]), st.lists(st.sampled_from(SIDES), max_size=20))
def test_with_the_arrows_a_card_lands_somewhere(steps: list, carried: str, keys: list) -> None:
    tree = moved(steps)
    rects = places(tree, ROOM, GAP, least)
    here = Landing(carried, None)
    for towards in keys:
        here = step(here, towards, rects, carried)
        assert here.target is None or here.target in rects
        after = landed(tree, carried, here, (300, 200), ROOM, rects)
        assert after is not None and sorted(names(after)) == sorted(names(tree))


def test_arrows_go_across_a_card_and_over_its_edge() -> None:
    rects = places(designed(), ROOM, GAP, least)
    way, here = [], Landing("result", None)
    for towards in ("left", "left", "left", "left", "left", "right", "below", "below", "below"):
        here = step(here, towards, rects, "result")
        way.append(here)
    assert way == [
        ("result", "left"), ("network", "right"), ("network", None), ("network", "left"), (None, "left"),
        ("network", "left"), ("network", "below"), ("bottom", "above"), ("bottom", None),
    ]  # fmt: skip


@pytest.mark.parametrize(("at", "there"), [
    ((400, 300), ("network", None)), ((80, 300), ("network", "left")), ((15, 300), (None, "left")),
    ((400, 60), ("network", "above")), ((400, 22), (None, "above")), ((1000, 300), ("result", None)),
    ((600, 720), ("bottom", None)), ((600, 790), ("bottom", "below")), ((600, 815), (None, "below")),
    ((5, 5), None), ((1300, 400), None),
])  # fmt: skip
def test_the_middle_is_to_change_places_and_an_edge_to_go_beside(at: tuple, there: tuple | None) -> None:
    assert under(at, ROOM, places(designed(), ROOM, GAP, least), edge=12) == there


def test_a_pulled_gap_stops_where_a_card_has_its_least() -> None:
    tree = designed()
    gap = next(gap for gap in tiles.gaps(tree, ROOM, GAP, least) if gap.axis == "row")
    before = places(tree, ROOM, GAP, least)["result"].width
    by = places(tiles.pulled(tree, gap, -40, ROOM, least), ROOM, GAP, least)
    assert by["result"].width == before + 40
    end = places(tiles.pulled(tree, gap, 5000, ROOM, least), ROOM, GAP, least)
    assert end["result"].width == 100
    even = places(tiles.evened(tree, gap), ROOM, GAP, least)
    assert abs(even["result"].width - even["network"].width) <= 1


def plain(axis: str, *parts: object) -> str:
    return json.dumps({"version": 1, "cards": {axis: list(parts)}})


WHOLE = [[1, "network"], [1, "result"], [1, "bottom"]]


@pytest.mark.parametrize("kept", [
    "", "{", "[]", "null", "1", '"network"', '{"version": 2, "cards": "network"}', '{"version": 1}',
    plain("row"), plain("row", [1, "network"]), plain("heap", *WHOLE), plain("row", *WHOLE, [1, "network"]),
    plain("row", *WHOLE, [1, "sofa"]), plain("row", [0, "network"], *WHOLE[1:]),
    plain("row", [float("nan"), "network"], *WHOLE[1:]), plain("row", ["x", "network"], *WHOLE[1:]),
    plain("row", ["network"], *WHOLE[1:]), plain("row", [1, {"row": [], "column": []}], *WHOLE),
    '{"version": 1, "cards": ' + '{"row": [[1, ' * 3000,
    '{"version": 1, "cards": ' + '{"row": [[1, ' * 40 + '"network"' + "]]}" * 40 + "}",
])  # fmt: skip
def test_what_cannot_be_read_is_as_the_design_has_it(kept: str) -> None:
    assert tiles.read(kept, CARDS[:3], CARDS[3:]) is None


def test_what_can_be_read_is_taken() -> None:
    assert tiles.read(plain("row", *WHOLE), CARDS[:3], CARDS[3:]) == Split(
        "row", ("network", "result", "bottom"), (1 / 3, 1 / 3, 1 / 3)
    )
