// The URLs that must go, sorted into a tree: each node is a group of them that one prefix item can purge, and says what else that item
// would evict. Pure. Built in one pass over the sorted URLs; the URLs that should stay are only walked past it, in any order.

import { evictedWeights, type PathTrie } from './path-losses.ts'
import { findPrefixEnd } from './path-prefix.ts'
import type { WeightedUrl } from './path-url.ts'

/**
 * The trie of the must-URLs, each cut at its prefix limit, compressed to the places where they part, and made binary: nodes with many children
 * are joined two by two, keeping their order. Nodes are numbered in post-order, so the right child of a join is the number before it,
 * and the root is the last.
 */
export interface PathTree {
  /** The must-URLs, in the order of the leaves. */
  readonly urls: readonly WeightedUrl[]
  /** Leaf: index of its URL. Join: -1. */
  readonly leafUrl: Int32Array
  /** Join: its left child. */
  readonly left: Int32Array
  /** Index of some URL below, whose path begins with the prefix of this node. */
  readonly textUrl: Int32Array
  /** Length of the longest prefix that purges exactly the URLs below; 0: there is none, or the leaf needs none. */
  readonly prefixEnd: Int32Array
  /** What that prefix evicts of what should stay. */
  readonly loss: Float64Array
}

/** @returns undefined where nothing must go */
export function buildPathTree(urls: readonly WeightedUrl[]): PathTree | undefined {
  const must = sortByAnchor(urls.filter(({ need }) => need === 'must'))
  const anchors = must.map(anchorOf)
  if (must.length === 0) return undefined
  const size = 2 * must.length - 1
  const leafUrl = new Int32Array(size).fill(-1)
  const left = new Int32Array(size)
  const textUrl = new Int32Array(size)
  const prefixEnd = new Int32Array(size)
  const trie: Omit<PathTrie, 'root'> = {
    textUrl,
    prefixEnd,
    depth: new Int32Array(size),
    parent: new Int32Array(size).fill(-1),
    firstChild: new Int32Array(size),
    childCount: new Int32Array(size),
    children: new Int32Array(size),
    childCharacter: new Uint16Array(size),
  }
  let nodeCount = 0
  let childTotal = 0
  // Nodes of the trie that are still open, outermost first, and what hangs from them: `joined` for the binary tree, `walked` for the trie.
  const open: { depth: number; joinedFrom: number; walkedFrom: number; children: number }[] = []
  const joined: number[] = []
  const walked: number[] = []

  const addLeaf = (url: number, parentDepth: number): number => {
    const id = nodeCount++
    leafUrl[id] = textUrl[id] = url
    // A prefix for one URL alone is only of use where the URL itself is no item.
    if (must[url]!.isExactItem) return id
    prefixEnd[id] = trie.depth[id] = findPrefixEnd(anchors[url]!, parentDepth, anchors[url]!.length)
    return id
  }
  const join = (): void => {
    const id = nodeCount++
    joined.pop()
    left[id] = joined.pop()!
    textUrl[id] = textUrl[left[id]]!
    joined.push(id)
  }
  const addChild = (child: number): void => {
    const node = open.at(-1)!
    joined.push(child)
    if (leafUrl[child] === -1 || prefixEnd[child]! > 0) walked.push(child)
    // As a counter carries: the 2nd joins the 1st, the 4th the 3rd and both the pair before.
    for (let count = ++node.children; count % 2 === 0; count /= 2) join()
  }
  const closeNode = (parentDepth: number): number => {
    const { depth, joinedFrom, walkedFrom } = open.pop()!
    while (joined.length > joinedFrom + 1) join()
    const id = joined.pop()!
    trie.depth[id] = depth
    prefixEnd[id] = findPrefixEnd(anchors[textUrl[id]!]!, parentDepth, depth)
    trie.firstChild[id] = childTotal
    trie.childCount[id] = walked.length - walkedFrom
    for (const child of walked.splice(walkedFrom)) {
      trie.parent[child] = id
      trie.childCharacter[childTotal] = anchors[textUrl[child]!]!.charCodeAt(depth)
      trie.children[childTotal++] = child
    }
    return id
  }

  let before = 0
  for (let url = 0; url < must.length; url += 1) {
    const after = url + 1 < must.length ? countCommon(anchors[url]!, anchors[url + 1]!) : 0
    let closed = addLeaf(url, Math.max(before, after))
    while (open.length > 0 && open.at(-1)!.depth > after) {
      addChild(closed)
      closed = closeNode(Math.max(after, open.at(-2)?.depth ?? 0))
    }
    if (after > 0 && (open.at(-1)?.depth ?? 0) < after)
      open.push({ depth: after, joinedFrom: joined.length, walkedFrom: walked.length, children: 0 })
    if (after > 0) addChild(closed)
    before = after
  }
  const loss = evictedWeights({ ...trie, root: size - 1 }, anchors, urls)
  return { urls: must, leafUrl, left, textUrl, prefixEnd, loss }
}

/** The part of a path within which a prefix may end that purges it. */
function anchorOf({ path, prefixLimit }: WeightedUrl): string {
  return prefixLimit < path.length ? path.slice(0, prefixLimit) : path
}

function sortByAnchor(must: readonly WeightedUrl[]): WeightedUrl[] {
  return must.toSorted((a, b) => compareText(anchorOf(a), anchorOf(b)) || compareText(a.path, b.path))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function countCommon(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let count = 0
  while (count < end && a.charCodeAt(count) === b.charCodeAt(count)) count += 1
  return count
}
