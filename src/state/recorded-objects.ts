// Whether what was read from the state is what it says, entry by entry: for a large site the schema of site-state.ts would take most of
// the time that reading the state takes. Pure.

import type { Key, RecordedObject } from '../model.ts'

const METADATA_NAMES: ReadonlySet<string> = new Set([
  'contentType',
  'cacheControl',
  'contentDisposition',
  'contentEncoding',
  'contentLanguage',
  'expires',
  'websiteRedirectLocation',
])

/** @returns false also for entries that the schema would take, with fields of later versions: then it is for the schema to say */
export function areRecordedObjects(
  objects: Readonly<Record<string, unknown>>,
): objects is Readonly<Record<Key, RecordedObject>> {
  return Object.values(objects).every(isRecordedObject)
}

function isRecordedObject(value: unknown): boolean {
  if (!isObject(value) || !isText(value['etag']) || !isText(value['changedIn'])) return false
  if (!isText(value['sha256']) || !Number.isFinite(value['sizeBytes']) || !isMetadata(value['metadata'])) return false
  for (const name in value) {
    switch (name) {
      case 'etag':
      case 'changedIn':
      case 'sha256':
      case 'sizeBytes':
      case 'metadata':
        break
      case 'stableSha256':
        if (!isText(value[name])) return false
        break
      case 'bodyMd5':
        if (value[name] !== true && !isText(value[name])) return false
        break
      case 'history':
        if (!isListOf(value[name], Number.isFinite)) return false
        break
      case 'tagNames':
        if (!isListOf(value[name], isText)) return false
        break
      case 'left':
        if (!isLeft(value[name])) return false
        break
      default:
        return false
    }
  }
  return true
}

function isMetadata(value: unknown): boolean {
  if (!isObject(value) || !isText(value['contentType'])) return false
  for (const name in value) {
    if (name === 'user' ? !isUserMetadata(value[name]) : !METADATA_NAMES.has(name) || !isText(value[name])) return false
  }
  return true
}

function isUserMetadata(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isText)
}

function isLeft(value: unknown): boolean {
  if (!isObject(value) || Object.keys(value).length !== 3) return false
  return isText(value['leftIn']) && isText(value['leftAt']) && Number.isFinite(value['releases'])
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
