/**
 * The cheapest nodes to take out so that no path leads from a source to a sink; of equally cheap ones, those nearest to the sinks.
 *
 * Invariant: sources have finite weights, so there always is such a set: the sources themselves. Source: maximum flow is minimum cut (Ford and
 * Fulkerson, 1956), by shortest augmenting paths (Edmonds and Karp, 1972), each node an edge whose capacity is its weight.
 */

export interface CutNode {
  /** `Infinity` for what may not be taken out. */
  readonly weight: number;
  /** Positions of the nodes that paths come from. */
  readonly from: readonly number[];
  readonly isSource: boolean;
  readonly isSink: boolean;
}

interface Edge {
  readonly to: number;
  capacity: number;
  readonly back: () => Edge;
}

/** The positions of the nodes taken out. */
export function minimumCut(nodes: readonly CutNode[]): ReadonlySet<number> {
  const source = 2 * nodes.length;
  const sink = source + 1;
  const edges: Edge[][] = Array.from({ length: sink + 1 }, () => []);
  const connect = (from: number, to: number, capacity: number): void => {
    const there: Edge = { to, capacity, back: () => back };
    const back: Edge = { to: from, capacity: 0, back: () => there };
    edges[from]?.push(there);
    edges[to]?.push(back);
  };
  const entry = (node: number): number => 2 * node;
  const exit = (node: number): number => 2 * node + 1;
  for (const [position, node] of nodes.entries()) {
    connect(entry(position), exit(position), node.weight);
    for (const before of node.from) connect(exit(before), entry(position), Number.POSITIVE_INFINITY);
    if (node.isSource) connect(source, entry(position), Number.POSITIVE_INFINITY);
    if (node.isSink) connect(exit(position), sink, Number.POSITIVE_INFINITY);
  }
  for (let path = shortestPath(edges, source, sink); path !== undefined; path = shortestPath(edges, source, sink)) {
    const flow = path.reduce((least, { capacity }) => Math.min(least, capacity), Number.POSITIVE_INFINITY);
    for (const edge of path) {
      edge.capacity -= flow;
      edge.back().capacity += flow;
    }
  }
  const reaching = reachingTo(edges, sink);
  return new Set([...nodes.keys()].filter((node) => !reaching.has(entry(node)) && reaching.has(exit(node))));
}

function shortestPath(edges: readonly (readonly Edge[])[], source: number, sink: number): readonly Edge[] | undefined {
  const into = new Map<number, Edge>();
  const queue = [source];
  for (const vertex of queue) {
    for (const edge of edges[vertex] ?? []) {
      if (edge.capacity === 0 || edge.to === source || into.has(edge.to)) continue;
      into.set(edge.to, edge);
      if (edge.to === sink) return pathTo(into, sink);
      queue.push(edge.to);
    }
  }
  return undefined;
}

function pathTo(into: ReadonlyMap<number, Edge>, sink: number): readonly Edge[] {
  const path: Edge[] = [];
  for (let edge = into.get(sink); edge !== undefined; edge = into.get(edge.back().to)) path.push(edge);
  return path;
}

/** The vertices from which capacity is left to the sink. */
function reachingTo(edges: readonly (readonly Edge[])[], sink: number): ReadonlySet<number> {
  const reaching = new Set([sink]);
  for (const vertex of reaching) {
    for (const edge of edges[vertex] ?? []) if (edge.back().capacity > 0) reaching.add(edge.to);
  }
  return reaching;
}
