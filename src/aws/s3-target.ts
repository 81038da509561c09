// Where a bucket's requests go, when nothing about it is unusual.

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

export interface S3Target extends Pick<URL, 'origin' | 'protocol' | 'host' | 'hostname'> {
  /** `""`, or `/` and the bucket where its name is in the path. */
  readonly basePath: string
  /** That requests are signed for. */
  readonly region: string
}

/** A request as the SDK has signed it, redirects followed. */
export interface SignedRequest {
  readonly hostname: string
  readonly headers: Readonly<Record<string, string>>
}

export interface TargetOptions {
  readonly bucket: string
  readonly region: string | undefined
  /** Instead of AWS's own; then the bucket is in the path. */
  readonly endpointUrl: string | undefined
  readonly env: NodeJS.ProcessEnv
}

/** Names that can be a host's first label. @see Amazon S3 User Guide, "General purpose bucket naming rules" */
const LABEL = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/u
/** Regions of the partition `aws`: elsewhere hosts have other domains. */
const COMMERCIAL_REGION = /^(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d$/u
/** Settings of ~/.aws/config that lead elsewhere; the SDK knows in which order they count. */
const LEADS_ELSEWHERE = /endpoint_url|services|fips|dualstack/iu

/** @returns undefined when only the SDK can say: no region is named, or something is set that may lead elsewhere */
export function usualTarget({ bucket, region, endpointUrl, env }: TargetOptions): S3Target | undefined {
  if (region === undefined || !LABEL.test(bucket)) return undefined
  if (endpointUrl !== undefined) return customTarget(bucket, region, endpointUrl)
  if (!COMMERCIAL_REGION.test(region) || env['AWS_USE_FIPS_ENDPOINT'] || env['AWS_USE_DUALSTACK_ENDPOINT']) {
    return undefined
  }
  if (isConfiguredElsewhere(env)) return undefined
  return toTarget(new URL(`https://${bucket}.s3.${region}.amazonaws.com`), '', region)
}

/** @returns undefined when the request went anywhere but to the bucket's own host or to the endpoint that was named */
export function targetOf(
  { hostname, headers }: SignedRequest,
  { bucket, endpointUrl }: Pick<TargetOptions, 'bucket' | 'endpointUrl'>,
): S3Target | undefined {
  // @see Amazon S3 API Reference, "Authenticating requests: using the Authorization header", for the credential scope
  const region = /Credential=[^/]+\/\d{8}\/([^/]+)\/s3\//u.exec(headers['authorization'] ?? '')?.[1]
  if (region === undefined || !LABEL.test(bucket)) return undefined
  if (endpointUrl !== undefined) {
    return new URL(endpointUrl).hostname === hostname ? customTarget(bucket, region, endpointUrl) : undefined
  }
  const isOwnHost = hostname.startsWith(`${bucket}.s3.`) && /\.amazonaws\.com(?:\.cn)?$/u.test(hostname)
  return isOwnHost ? toTarget(new URL(`https://${hostname}`), '', region) : undefined
}

/** @returns whether ~/.aws/config may lead to other endpoints than AWS's usual ones */
export function isConfiguredElsewhere(env: NodeJS.ProcessEnv): boolean {
  const configFile = env['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config')
  try {
    return LEADS_ELSEWHERE.test(readFileSync(configFile, 'utf8'))
  } catch (error) {
    // Without one there is nothing unusual; what cannot be read is for the SDK to judge.
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT')
  }
}

function customTarget(bucket: string, region: string, endpointUrl: string): S3Target {
  const url = new URL(endpointUrl)
  return toTarget(url, `${url.pathname.replace(/\/$/u, '')}/${bucket}`, region)
}

function toTarget({ origin, protocol, host, hostname }: URL, basePath: string, region: string): S3Target {
  return { origin, protocol, host, hostname, basePath, region }
}
