// Marker and MaxItems of the API's lists: a page starts after the item that the marker names.

import { invalidArgument } from './api-error.ts'

export interface Page<Item> {
  readonly marker: string
  readonly maxItems: number
  readonly items: readonly Item[]
  /** The id of the page's last item, when more follow. */
  readonly nextMarker: string | undefined
}

const MAX_ITEMS = 100

export function takePage<Item extends { readonly id: string }>(
  all: readonly Item[],
  query: URLSearchParams,
): Page<Item> {
  const marker = query.get('Marker') ?? ''
  const maxItems = Math.min(Number(query.get('MaxItems') ?? MAX_ITEMS), MAX_ITEMS)
  if (!Number.isInteger(maxItems) || maxItems < 1) throw invalidArgument('MaxItems must be a number from 1 to 100.')
  const start = marker === '' ? 0 : all.findIndex((item) => item.id === marker) + 1
  if (marker !== '' && start === 0) throw invalidArgument(`The marker "${marker}" names no item of this list.`)
  const items = all.slice(start, start + maxItems)
  const hasMore = start + items.length < all.length
  return { marker, maxItems, items, nextMarker: hasMore ? items.at(-1)?.id : undefined }
}
