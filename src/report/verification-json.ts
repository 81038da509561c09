// What the edge answered, in JSON: its shape is a promise to other programs. Pure.

import type { SiteVerification, StaleAnswer, UncheckedUrl, Verification } from '../model.ts'
import { showJson } from './terminal-text.ts'

export interface VerificationDocument {
  /** Different URLs, each asked at every edge. */
  readonly urls: number
  /** Edge locations that answered. */
  readonly edges: number
  readonly requests: number
  /** Of `ofKeys`: fewer when they are a sample. */
  readonly keys: number
  readonly ofKeys: number
  /** Second purges of what was stale after the first. */
  readonly purgedAgain: readonly {
    readonly distribution: string
    readonly items: readonly string[]
    readonly status: string
  }[]
  /** What is stale at the end. */
  readonly stale: readonly StaleAnswer[]
  /** Headers that the edge changes by itself, by a policy or a function. */
  readonly changedAtEdge: readonly StaleAnswer[]
  /** Questions that were not answered, or not by a cache. */
  readonly unchecked: readonly UncheckedUrl[]
}

export function describeVerification(verification: Verification): VerificationDocument {
  const { urls, edges, requests, keys, ofKeys, purgedAgain, stale, changedAtEdge, unchecked } = verification
  return {
    urls,
    edges,
    requests,
    keys,
    ofKeys,
    purgedAgain: purgedAgain.map(({ distribution, items, status }) => ({
      distribution,
      items: items.map(({ item }) => item),
      status,
    })),
    stale: stale.map(describeAnswer),
    changedAtEdge: changedAtEdge.map(describeAnswer),
    unchecked: unchecked.map(({ url, edge, kind, why }) => ({ url, edge, kind, why })),
  }
}

/** The one document of `verify --json`. @returns indented, with a line break at its end */
export function renderSiteVerificationJson(site: SiteVerification): string {
  const { bucket, prefix, release, result, notDeployed, verification, seconds } = site
  const document = {
    formatVersion: 1,
    release,
    bucket,
    prefix,
    result,
    notDeployed,
    verification: describeVerification(verification),
    seconds,
  }
  return showJson(document)
}

function describeAnswer({ distribution, key, url, edge, encoding, expected, got }: StaleAnswer): StaleAnswer {
  return { distribution, key, url, edge, encoding, expected, got }
}
