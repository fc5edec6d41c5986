"""Names above a plot do not overlap, and no line to a place runs through a name."""

from itertools import combinations

from reports.charts.label_layout import label_rows


def test_names_that_are_near_stand_in_rows() -> None:
    """Five names along a chart find room in three rows without a clash."""
    names = [
        "Download logs rewritten",
        "Logs ran dry",
        "Logs doubled and lost",
        "ChatGPT",
        "counted anew from here",
    ]

    found = label_rows([40, 230, 300, 390, 540], names, 640, 3)

    assert found is not None
    assert [label.text for label in found] == names
    assert not any(one.clashes(other) for one, other in combinations(found, 2))
    assert all(label.left >= 0 and label.right <= 640 for label in found)


def test_a_name_at_the_right_edge_is_moved_inside() -> None:
    """A name that would leave the picture ends at its edge."""
    (found,) = label_rows([600], ["no answer since May 2023"], 640, 3) or []

    assert (found.right, found.align, found.edge) == (640, "right", 640)


def test_too_many_names_find_no_room() -> None:
    """Where names would cover the chart there is no placing, and the chart numbers what it marks."""
    assert label_rows([10, 12, 14, 16, 18], ["a rather long name"] * 5, 300, 3) is None


def test_no_names_need_no_room() -> None:
    """A chart without annotations has an empty placing, which is not the same as none."""
    assert label_rows([], [], 300, 3) == []
