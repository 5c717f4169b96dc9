"""What is reached in a graph, and its circles: each is told, and none where there is none."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from standoff.model.graphs import circles, reached

GRAPHS = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdefx"), max_size=3))


def reaches(edges: dict[str, set[str]], start: str, goal: str) -> bool:
    todo, seen = [start], set[str]()
    while todo:
        for node in edges.get(todo.pop(), set()) - seen:
            seen.add(node)
            todo.append(node)
    return goal in seen


@given(st.sets(st.sampled_from("abcdefx")), GRAPHS)
def test_reached_is_where_one_starts_and_where_edges_lead(starts, edges):
    assert reached(starts, edges) == {
        node for node in "abcdefx" if node in starts or any(reaches(edges, start, node) for start in starts)
    }


@given(GRAPHS)
def test_what_is_told_is_a_circle_from_its_least_node(edges):
    for circle in circles(edges):
        assert circle[0] == circle[-1] == min(circle)
        assert len(set(circle)) == len(circle) - 1
        assert all(following in edges[node] for node, following in pairwise(circle))


@given(GRAPHS)
def test_a_circle_is_told_exactly_if_a_node_leads_back_to_itself(edges):
    assert bool(list(circles(edges))) == any(reaches(edges, node, node) for node in edges)


@given(GRAPHS)
def test_without_the_first_edges_of_its_circles_a_graph_has_none(edges):
    left = {node: set(following) for node, following in edges.items()}
    for circle in circles(edges, most=100):
        left[circle[0]].discard(circle[1])
    assert not list(circles(left))


def test_circles_are_told_once_each():
    edges = {"a": {"b"}, "b": {"c"}, "c": {"a", "e"}, "d": {"e"}, "e": {"d"}, "f": {"a"}, "g": set[str]()}
    assert sorted(circles(edges)) == [("a", "b", "c", "a"), ("d", "e", "d")]
    assert list(circles({"a": {"b"}, "b": {"c"}})) == []
    assert list(circles({"a": {"a"}})) == [("a", "a")]


def test_no_more_are_told_than_asked_for():
    assert len(list(circles({str(i): {str(i)} for i in range(10)}, most=3))) == 3
