// Which distributions there are, by the short way: the one thing that every deploy asks CloudFront. All else, and whatever fails, goes through
// the SDK.

import type { DistributionOrigins, Distributions } from '../ports.ts'
import { exchange, patienceMs, type Connections } from './connections.ts'
import { parseDistributionList, type DistributionPage } from './distribution-list-xml.ts'
import { signerFor, type AwsCredentials } from './lean-requests.ts'
import { buildQuery } from './request-path.ts'

const AWS_ENDPOINT = 'https://cloudfront.amazonaws.com'
/** @see CloudFront API Reference, ListDistributions */
const LIST_PATH = '/2020-05-31/distribution'

export interface LeanDistributionsOptions {
  readonly connections: Connections
  readonly credentials: () => Promise<AwsCredentials>
  /** Instead of AWS's own. */
  readonly endpointUrl: string | undefined
  /** Whether no profile is named, which may have an endpoint of its own. */
  readonly isUsual: boolean
  /** Called for each request that is sent. */
  readonly onSend: () => void
  readonly sdk: () => Promise<Distributions>
}

export function leanDistributions(options: LeanDistributionsOptions): Distributions {
  const { connections, credentials, endpointUrl = AWS_ENDPOINT, isUsual, onSend, sdk } = options
  const signer = signerFor('cloudfront', credentials)

  return {
    async list() {
      const found: DistributionOrigins[] = []
      let marker: string | undefined
      do {
        const page = await listPage(marker)
        if (page === undefined) return (await sdk()).list()
        found.push(...page.distributions)
        marker = page.nextMarker
      } while (marker !== undefined)
      return found
    },
    describe: async (id) => (await sdk()).describe(id),
    createInvalidation: async (...batch) => (await sdk()).createInvalidation(...batch),
    readInvalidation: async (...which) => (await sdk()).readInvalidation(...which),
    countPathsSince: async (timeMs) => (await sdk()).countPathsSince(timeMs),
  }

  async function listPage(marker: string | undefined): Promise<DistributionPage | undefined> {
    if (!isUsual) return undefined
    const { origin, host, hostname, protocol, pathname } = new URL(endpointUrl)
    const query = marker === undefined ? {} : { Marker: marker }
    const path = pathname.replace(/\/$/u, '') + LIST_PATH
    try {
      const signed = await signer.sign({ method: 'GET', protocol, hostname, path, query, headers: { host } })
      onSend()
      const asked = { origin, path: path + buildQuery(query), method: 'GET' as const, headers: signed.headers }
      const answer = await exchange(connections, { ...asked, headersTimeout: patienceMs(0) })
      return answer.status === 200 ? parseDistributionList(answer.body.toString()) : undefined
    } catch {
      // The SDK finds the same trouble when it is asked, and says what it is.
      return undefined
    }
  }
}
