// The least that must be evicted with 1, 2, 3 … K items: a knapsack over the tree of must-URLs. Pure.
//
// Each node has a short list of states: with so many items all URLs below are purged at so much loss, and with fewer items it costs more.
// A leaf has one state, its own item. A join has one for each useful sum of a state on the left and one on the right, and one more
// where a single prefix purges all that is below. A node has no more states than leaves, nor than K, and so all sums
// together are O(m·K). The lists themselves are dropped on the way up; the choices stay, to read the items off at the end.

import { makeJoin, makeStates } from './path-states.ts'
import type { PathTree } from './path-tree.ts'

/** Steps of a staircase: what lies between two of them is no better than the lower one. */
export interface PathFrontier {
  /** How many items each step has, ascending. */
  readonly itemCounts: readonly number[]
  /** What each step evicts needlessly, strictly descending. */
  readonly losses: readonly number[]
  /** The nodes whose items a step takes, from left to right. */
  readonly chooseNodes: (step: number) => number[]
}

/** Time and memory O(m·K), for m URLs that must go and K = `maxItems`, at least 1. */
export function findFrontier(tree: PathTree, maxItems: number): PathFrontier {
  const nodeCount = tree.leafUrl.length
  const most = Math.min(maxItems, tree.urls.length)
  const states = makeStates(tree.urls.length)
  const join = makeJoin(states, most)
  const choices = makeChoices()
  const firstChoice = new Int32Array(nodeCount)
  // Where the list of each node begins that has no parent yet. In post-order the last two are the children of the next join.
  const lists: number[] = []
  let end = 0
  for (let node = 0; node < nodeCount; node += 1) {
    const prefixLoss = tree.prefixEnd[node]! > 0 ? tree.loss[node]! : Infinity
    if (tree.leafUrl[node] === -1) {
      const right = lists.pop()!
      firstChoice[node] = choices.count()
      end = join(lists.at(-1)!, right, end, prefixLoss, choices.add)
      continue
    }
    lists.push(end)
    const isExact = tree.urls[tree.leafUrl[node]!]!.isExactItem
    // Infinity where even a prefix of its own is forbidden: the URL waits for one further up.
    states.loss[end] = isExact ? 0 : prefixLoss
    states.items[end] = 1
    states.prefixes[end] = isExact ? 0 : 1
    states.rank[end] = 0
    end += 1
  }

  const chooseNodes = (step: number): number[] => {
    const chosen: number[] = []
    const open: { readonly node: number; readonly state: number }[] = [{ node: nodeCount - 1, state: step }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, state } = next
      const choice = tree.leafUrl[node] === -1 ? choices.at(firstChoice[node]! + state) : undefined
      if (choice === undefined) chosen.push(node)
      else open.push({ node: node - 1, state: choice.right }, { node: tree.left[node]!, state: choice.left })
    }
    return chosen
  }
  return {
    itemCounts: [...states.items.subarray(0, end)],
    losses: [...states.loss.subarray(0, end)],
    chooseNodes,
  }
}

interface Choices {
  readonly count: () => number
  readonly add: (left: number, right: number) => void
  /** The states of both children, or undefined for the prefix of the node itself. */
  readonly at: (index: number) => { readonly left: number; readonly right: number } | undefined
}

/** Up to m·K pairs: eight bytes each, not an object each. */
function makeChoices(): Choices {
  let pairs = new Int32Array(1024)
  let length = 0
  return {
    count: () => length / 2,
    add: (left, right) => {
      if (length === pairs.length) {
        const grown = new Int32Array(2 * length)
        grown.set(pairs)
        pairs = grown
      }
      pairs[length++] = left
      pairs[length++] = right
    },
    at: (index) => {
      const left = pairs[2 * index]!
      return left === -1 ? undefined : { left, right: pairs[2 * index + 1]! }
    },
  }
}
