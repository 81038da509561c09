// The prefixes worth sending: where the paths of what has to go part ways. Pure.

/** The nodes of the compressed trie over a sorted list of strings, parents before children. */
export interface PrefixTrie {
  readonly prefixes: readonly string[]
  /** Of each node; -1 at the root. */
  readonly parents: Int32Array
  /** Node i stands for the strings first[i] … end[i] - 1 of the sorted list. */
  readonly first: Int32Array
  readonly end: Int32Array
  /** (node, first character after its prefix) → child. */
  readonly children: ReadonlyMap<number, number>
}

const CODE_UNITS = 0x10000

/**
 * @param stems sorted by code units, each starting with `/`, at least one
 * @param isNode which stems are a node of their own although no other begins with them
 */
export function buildTrie(stems: readonly string[], isNode: (index: number) => boolean): PrefixTrie {
  const nodes: { prefix: string; parent: number; first: number; end: number }[] = [
    { prefix: '/', parent: -1, first: 0, end: stems.length },
  ]
  buildNodes(stems, isNode, nodes)
  const children = new Map<number, number>()
  for (const [id, { prefix, parent }] of nodes.entries()) {
    const above = nodes[parent]
    if (above !== undefined) children.set(parent * CODE_UNITS + prefix.charCodeAt(above.prefix.length), id)
  }
  return {
    prefixes: nodes.map(({ prefix }) => prefix),
    parents: Int32Array.from(nodes, ({ parent }) => parent),
    first: Int32Array.from(nodes, ({ first }) => first),
    end: Int32Array.from(nodes, ({ end }) => end),
    children,
  }
}

/** The deepest node whose prefix the path starts with; at least the root. */
export function deepestNode(path: string, { prefixes, children }: PrefixTrie): number {
  let node = 0
  let length = 1
  while (length < path.length) {
    const child = children.get(node * CODE_UNITS + path.charCodeAt(length))
    const prefix = child === undefined ? undefined : prefixes[child]
    if (child === undefined || prefix === undefined || !path.startsWith(prefix)) break
    node = child
    length = prefix.length
  }
  return node
}

interface Range {
  readonly node: number
  readonly from: number
  readonly to: number
}

/** Splits each node's strings by the next character, without recursion: paths may be long. */
function buildNodes(
  stems: readonly string[],
  isNode: (index: number) => boolean,
  nodes: { prefix: string; parent: number; first: number; end: number }[],
): void {
  const open: Range[] = [{ node: 0, from: 0, to: stems.length }]
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const { node, to } = range
    const length = nodes[node]?.prefix.length ?? 1
    let from = range.from
    while (from < to && stems[from]?.length === length) from += 1
    while (from < to) {
      const end = endOfRun(stems, from, to, length)
      const prefix = commonPrefix(stems[from] ?? '', stems[end - 1] ?? '')
      if (end - from > 1 || isNode(from)) {
        open.push({ node: nodes.length, from, to: end })
        nodes.push({ prefix, parent: node, first: from, end })
      }
      from = end
    }
  }
}

/** Where the strings with the same character at `position` end. */
function endOfRun(stems: readonly string[], from: number, to: number, position: number): number {
  const code = stems[from]?.charCodeAt(position) ?? 0
  let low = from + 1
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stems[middle]?.charCodeAt(position) ?? 0) > code) high = middle
    else low = middle + 1
  }
  return low
}

export function commonPrefix(a: string, b: string): string {
  let length = 0
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1
  return a.slice(0, length)
}
