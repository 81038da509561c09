// Objects by their keys: made once for each listing and each state, however many steps of a plan ask. Pure.

import type { Key, LiveObject, RecordedObject, SiteState } from '../model.ts'

/** What the last completed release put under each key; of no state, nothing. */
export function recordedByKey(state: Pick<SiteState, 'objects'> | undefined): ReadonlyMap<Key, RecordedObject> {
  return state === undefined
    ? NOTHING
    : remembered(RECORDED, state.objects, () => new Map(Object.entries(state.objects)))
}

export function liveByKey(objects: readonly LiveObject[]): ReadonlyMap<Key, LiveObject> {
  return remembered(LIVE, objects, () => {
    const byKey = new Map<Key, LiveObject>()
    for (const object of objects) byKey.set(object.key, object)
    return byKey
  })
}

const NOTHING: ReadonlyMap<Key, RecordedObject> = new Map()
// Plain data is never changed once it is made, so that its index stays right as long as it lives.
const RECORDED = new WeakMap<SiteState['objects'], ReadonlyMap<Key, RecordedObject>>()
const LIVE = new WeakMap<readonly LiveObject[], ReadonlyMap<Key, LiveObject>>()

function remembered<Source extends object, Index>(
  known: WeakMap<Source, Index>,
  source: Source,
  make: () => Index,
): Index {
  let index = known.get(source)
  if (index === undefined) known.set(source, (index = make()))
  return index
}
