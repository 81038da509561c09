// Small complete examples of the nouns, so that a test writes down only what it is about.

import { createHash } from 'node:crypto'
import type { Distribution, LiveObject, PlannedCost, RecordedObject, SiteFile, SiteState } from '../../src/model.ts'

/** A file as scanned: its digests are those of `body`. */
export function siteFile(key: string, body: string = key, contentType: string = 'text/html; charset=utf-8'): SiteFile {
  const md5 = digest('md5', body)
  return {
    key,
    filePath: `/site/${key}`,
    sizeBytes: Buffer.byteLength(body),
    md5,
    sha256: digest('sha256', body),
    etag: `"${md5}"`,
    metadata: { contentType },
  }
}

/** The object that an upload of the file leaves in a listing. */
export function liveObject(file: SiteFile, changes: Partial<LiveObject> = {}): LiveObject {
  return { key: file.key, etag: file.etag, sizeBytes: file.sizeBytes, lastModifiedMs: 0, ...changes }
}

export function siteState(
  files: readonly SiteFile[],
  changes: Readonly<Record<string, Partial<RecordedObject>>> = {},
): SiteState {
  const objects = files.map(({ key, etag, sizeBytes, sha256, metadata }) => [
    key,
    { etag, sizeBytes, sha256, metadata, changedIn: 'r1', ...changes[key] },
  ])
  return {
    formatVersion: 2,
    release: 'r1',
    completedAt: '2026-01-01T00:00:00.000Z',
    deploys: { scheme: 1, deploy: 1, quiet: [] },
    tagSalt: 'salt',
    spending: { month: '2026-01', paths: 0, purgedAt: [] },
    objects: Object.fromEntries(objects),
    distributions: { E1: {} },
  }
}

/** Nothing to pay, and plenty left. */
export function plannedCost(changes: Partial<PlannedCost> = {}): PlannedCost {
  return {
    paths: 0,
    evicts: 0,
    isWhole: false,
    freeLeft: 1000,
    allowed: 250,
    allowedBy: 'the month',
    priceUsd: 0,
    exactPaths: { paths: 0, priceUsd: 0 },
    everything: { paths: 1, evicts: 0, priceUsd: 0 },
    ...changes,
  }
}

/** One distribution over the REST endpoint of the bucket "site", with the root object index.html. */
export function distribution(changes: Partial<Distribution> = {}): Distribution {
  return {
    id: 'E1',
    domainName: 'd1.cloudfront.net',
    aliases: [],
    enabled: true,
    staging: false,
    defaultRootObject: 'index.html',
    origins: [{ id: 'bucket', domainName: 'site.s3.eu-west-1.amazonaws.com', originPath: '' }],
    originGroups: [],
    behaviors: [
      {
        pathPattern: '*',
        targetOriginId: 'bucket',
        queryStringsInCacheKey: false,
        minTtlSeconds: 0,
        maxTtlSeconds: 31_536_000,
      },
    ],
    errorResponses: [],
    ...changes,
  }
}

function digest(algorithm: string, body: string): string {
  return createHash(algorithm).update(body).digest('hex')
}
