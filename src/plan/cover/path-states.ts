// The inner loop of the search for the best paths: from what two groups of URLs can be purged for, to what both together can. Pure.

/** Lists of states, one after the other in flat arrays; within a list `items` ascend and `loss` descends, both strictly. */
export interface States {
  readonly items: Int32Array
  readonly loss: Float64Array
  /** How many of the items are prefixes. At equal loss and number, the fewest are taken. */
  readonly prefixes: Int32Array
  /**
   * Settles what is still equal. At the first URL where two states of a list purge by different items, one is wider than the other, and its
   * state has the lower rank: 0, 1, 2 … within the list.
   */
  readonly rank: Int32Array
}

export function makeStates(size: number): States {
  return {
    items: new Int32Array(size),
    loss: new Float64Array(size),
    prefixes: new Int32Array(size),
    rank: new Int32Array(size),
  }
}

/**
 * Replaces two lists, from `left` up to `right` and from there up to `end`, by that of their parent.
 *
 * @param prefixLoss what the one prefix evicts that purges both groups; Infinity: there is none
 * @param addChoice told once for each new state, in order, which of the left and of the right it is made of; -1 for the prefix
 * @returns where the new list ends, which begins at `left`
 */
type Join = (
  left: number,
  right: number,
  end: number,
  prefixLoss: number,
  addChoice: (left: number, right: number) => void,
) => number

/** @param most no state has more items */
export function makeJoin(states: States, most: number): Join {
  const { items, loss, prefixes, rank } = states
  // The best sum for each number of items, and what it is made of. Infinity between the calls.
  const best = makeStates(most + 1)
  best.loss.fill(Infinity)
  const bestLeft = new Int32Array(most + 1)
  const bestRight = new Int32Array(most + 1)
  const kept = new Int32Array(most + 1)
  const sortByRank = makeRankSort(rank, most + 1)

  const addAllPairs = (left: number, right: number, end: number): number => {
    let last = 0
    for (let l = left; l < right; l += 1)
      for (let r = right; r < end; r += 1) {
        const count = items[l]! + items[r]!
        if (count > most) break
        if (count > last) last = count
        const sum = loss[l]! + loss[r]!
        if (sum > best.loss[count]!) continue
        const sumPrefixes = prefixes[l]! + prefixes[r]!
        if (sum === best.loss[count]!) {
          if (sumPrefixes > best.prefixes[count]!) continue
          // Equal numbers of items make equal pairs differ on the left.
          if (sumPrefixes === best.prefixes[count]! && rank[l]! > rank[bestLeft[count]!]!) continue
        }
        best.loss[count] = sum
        best.prefixes[count] = sumPrefixes
        bestLeft[count] = l
        bestRight[count] = r
      }
    return last
  }

  return (left, right, end, prefixLoss, addChoice) => {
    const last = addAllPairs(left, right, end)
    // What is no better than something with fewer items is no part of any optimum.
    let bound = prefixLoss
    let keptCount = 0
    for (let count = 2; count <= last; count += 1) {
      if (best.loss[count]! < bound) {
        bound = best.loss[count]!
        kept[keptCount++] = count
      }
    }
    const order = sortByRank(kept.subarray(0, keptCount), bestLeft, bestRight, right - left, end - right)
    let next = left
    if (prefixLoss < Infinity) {
      addChoice(-1, -1)
      items[next] = 1
      loss[next] = prefixLoss
      prefixes[next] = 1
      // Wider than all others at the very first URL.
      rank[next] = 0
      next += 1
    }
    const firstRank = next - left
    for (let index = 0; index < keptCount; index += 1) {
      const count = kept[index]!
      addChoice(bestLeft[count]! - left, bestRight[count]! - right)
      items[next + index] = count
      loss[next + index] = best.loss[count]!
      prefixes[next + index] = best.prefixes[count]!
    }
    for (let place = 0; place < keptCount; place += 1) rank[next + order[place]!] = firstRank + place
    best.loss.fill(Infinity, 0, last + 1)
    return next + keptCount
  }
}

/** Indexes of `kept` by the rank of the state on the left, then on the right. */
type RankSort = (
  kept: Int32Array,
  lefts: Int32Array,
  rights: Int32Array,
  leftSize: number,
  rightSize: number,
) => Int32Array

/** Two rounds of counting, the last digit first: ranks are small, and as many as there are states. */
function makeRankSort(rank: Int32Array, size: number): RankSort {
  const byRight = new Int32Array(size)
  const byBoth = new Int32Array(size)
  const starts = new Int32Array(size + 1)
  const identity = Int32Array.from({ length: size }, (_, index) => index)

  const sortRound = (from: Int32Array, to: Int32Array, kept: Int32Array, states: Int32Array, ranks: number): void => {
    starts.fill(0, 0, ranks + 1)
    for (const count of kept) starts[rank[states[count]!]! + 1]! += 1
    for (let each = 1; each <= ranks; each += 1) starts[each]! += starts[each - 1]!
    for (let place = 0; place < kept.length; place += 1) {
      const state = states[kept[from[place]!]!]!
      to[starts[rank[state]!]!++] = from[place]!
    }
  }
  return (kept, lefts, rights, leftSize, rightSize) => {
    sortRound(identity, byRight, kept, rights, rightSize)
    sortRound(byRight, byBoth, kept, lefts, leftSize)
    return byBoth
  }
}
