"""Cycles of includes: among headers, and among modules, which are pairs x.c and x.h."""


def check(tree):
    includes = list(resolved_includes(tree))
    headers = [edge for edge in includes if edge[0].endswith(".h") and edge[1].endswith(".h")]
    yield from cycles(headers, "headers")
    modules = [(module(a), module(b), path, line) for a, b, path, line in includes]
    yield from cycles([edge for edge in modules if edge[0] != edge[1]], "modules")


def module(path):
    return path.rsplit(".", 1)[0]


def resolved_includes(tree):
    """Yields (includer, included, path, line) for every include of a file of the tree."""
    for file in tree.c_files():
        folder = file.path.rsplit("/", 1)[0]
        for bracket, name, line in file.source.includes:
            beside = [folder] if bracket == '"' else []
            for directory in [*beside, "src", "include"]:
                candidate = f"{directory}/{name}"
                if candidate in tree.by_path:
                    yield file.path, candidate, file.path, line
                    break


def cycles(edges, what):
    """Yields one finding for each edge that closes a shortest cycle, and each cycle only once."""
    graph, origin = {}, {}
    for start, end, path, line in edges:
        graph.setdefault(start, set()).add(end)
        origin.setdefault((start, end), (path, line))
    reported = set()
    for start in sorted(graph):
        for end in sorted(graph[start]):
            cycle = shortest_path(graph, end, start)
            if cycle and frozenset(cycle) not in reported:
                reported.add(frozenset(cycle))
                path, line = origin[start, end]
                chain = " -> ".join([start] + cycle)
                yield path, line, f"{what} include each other, {chain}: one direction only"


def shortest_path(graph, start, end):
    """Returns the nodes of a shortest path from start to end, or None."""
    paths = {start: [start]}
    queue = [start]
    for node in queue:
        if node == end:
            return paths[node]
        for following in sorted(graph.get(node, ())):
            if following not in paths:
                paths[following] = paths[node] + [following]
                queue.append(following)
    return None
