// What each prefix would evict of what should stay: every such URL is followed down the trie of the must-URLs until it leaves it. Pure.

import type { WeightedUrl } from './path-url.ts'

/** The trie of the must-URLs, as far as it is needed to follow a path down; nodes are numbered after their children. */
export interface PathTrie {
  readonly root: number
  /** The text on which a path is compared: this many characters of this URL. */
  readonly textUrl: Int32Array
  readonly depth: Int32Array
  readonly prefixEnd: Int32Array
  readonly parent: Int32Array
  /** Children of a node: `childCount` entries from `firstChild`, ascending by the character that follows the node's text. */
  readonly firstChild: Int32Array
  readonly childCount: Int32Array
  readonly children: Int32Array
  readonly childCharacter: Uint16Array
}

/**
 * Takes time in proportion to the characters that the URLs share with must-URLs: no sorting, no copy of the URLs.
 *
 * @param anchors the texts of the trie, by URL
 * @returns for each node of the trie, the weight of all `keep` URLs that begin with its prefix
 */
export function evictedWeights(trie: PathTrie, anchors: readonly string[], urls: readonly WeightedUrl[]): Float64Array {
  const { parent } = trie
  const weights = new Float64Array(parent.length)
  const findLastPrefix = makePrefixSearch(trie, anchors)
  for (const { need, path, weight } of urls) {
    if (need !== 'keep') continue
    const node = findLastPrefix(path)
    if (node !== -1) weights[node]! += weight
  }
  // Children have lower numbers than their parents. Sums of sums, never differences: fractions add up without negative leftovers.
  for (let node = 0; node < weights.length; node += 1)
    if (parent[node] !== -1) weights[parent[node]!]! += weights[node]!
  return weights
}

/** The lowest node whose prefix a path begins with, or -1. This is the loop that sees every character of a million URLs. */
function makePrefixSearch(trie: PathTrie, anchors: readonly string[]): (path: string) => number {
  const { root, depth, prefixEnd, parent, firstChild, childCount, children, childCharacter } = trie
  const { characters, from } = writeLabels(trie, anchors)
  return (path) => {
    let node = root
    let position = 0
    for (;;) {
      const label = from[node]!
      const end = Math.min(depth[node]!, path.length)
      while (position < end && path.charCodeAt(position) === characters[label + position]) position += 1
      if (position < depth[node]!) return prefixEnd[node]! > 0 && position >= prefixEnd[node]! ? node : parent[node]!
      if (position === path.length) return node
      const character = path.charCodeAt(position)
      let low = firstChild[node]!
      let high = low + childCount[node]!
      const last = high
      while (low < high) {
        const middle = (low + high) >> 1
        if (childCharacter[middle]! < character) low = middle + 1
        else high = middle
      }
      if (low === last || childCharacter[low] !== character) return node
      node = children[low]!
    }
  }
}

/** The characters from each node's parent to itself, side by side: strings of many sources are slow to read a character at a time. */
function writeLabels(trie: PathTrie, anchors: readonly string[]): { characters: Uint16Array; from: Int32Array } {
  const { root, textUrl, depth, parent } = trie
  const parentDepth = (node: number): number => (node === root ? 0 : depth[parent[node]!]!)
  const from = new Int32Array(parent.length)
  let size = 0
  for (let node = 0; node < parent.length; node += 1) {
    if (node !== root && parent[node] === -1) continue
    from[node] = size - parentDepth(node)
    size += depth[node]! - parentDepth(node)
  }
  const characters = new Uint16Array(size)
  for (let node = 0; node < parent.length; node += 1) {
    if (node !== root && parent[node] === -1) continue
    const text = anchors[textUrl[node]!]!
    for (let position = parentDepth(node); position < depth[node]!; position += 1)
      characters[from[node]! + position] = text.charCodeAt(position)
  }
  return { characters, from }
}
