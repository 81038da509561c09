// The XML of PutBucketWebsite and GetBucketWebsite, to a website configuration and back.
// Facts: S3 API reference, "PutBucketWebsite".

import type { XmlContent, XmlElement } from '../../xml.ts'
import { childAt, childrenNamed, textAt } from '../../xml.ts'
import { parseDocument } from '../operation.ts'
import { S3Error } from '../s3-error.ts'
import type { RoutingRule, WebsiteConfiguration, WebsiteProtocol } from './configuration.ts'
import { checkWebsite } from './configuration.ts'

export const WEBSITE_ROOT = 'WebsiteConfiguration'

/** Reads and checks. Throws what S3 would refuse. */
export function readWebsiteDocument(bytes: Uint8Array): WebsiteConfiguration {
  const root = parseDocument(bytes, WEBSITE_ROOT)
  allowOnly(root, 'IndexDocument', 'ErrorDocument', 'RedirectAllRequestsTo', 'RoutingRules')
  const website = readWebsite(root)
  checkWebsite(website)
  return website
}

/** The configuration as GetBucketWebsite says it. */
export function describeWebsite(website: WebsiteConfiguration): XmlContent {
  if ('redirectAllRequestsTo' in website) {
    const { hostName, protocol } = website.redirectAllRequestsTo
    return { RedirectAllRequestsTo: { HostName: hostName, Protocol: protocol } }
  }
  const { indexDocument, errorDocument, routingRules } = website
  return {
    IndexDocument: { Suffix: indexDocument },
    ErrorDocument: errorDocument === undefined ? undefined : { Key: errorDocument },
    RoutingRules: routingRules === undefined ? undefined : { RoutingRule: routingRules.map(describeRule) },
  }
}

function readWebsite(root: XmlElement): WebsiteConfiguration {
  const redirectAll = childAt(root, 'RedirectAllRequestsTo')
  if (redirectAll !== undefined) {
    if (root.children.length > 1) {
      throw new S3Error(
        'InvalidArgument',
        'RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.',
        { ArgumentName: 'RedirectAllRequestsTo', ArgumentValue: 'not null' },
      )
    }
    allowOnly(redirectAll, 'HostName', 'Protocol')
    const protocol = readProtocol(redirectAll)
    const hostName = textAt(redirectAll, 'HostName') ?? ''
    return { redirectAllRequestsTo: { hostName, ...(protocol === undefined ? {} : { protocol }) } }
  }
  const index = childAt(root, 'IndexDocument')
  if (index === undefined) {
    throw new S3Error(
      'InvalidArgument',
      'A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty',
      { ArgumentName: 'IndexDocument', ArgumentValue: 'null' },
    )
  }
  const error = childAt(root, 'ErrorDocument')
  const rules = childAt(root, 'RoutingRules')
  if (rules !== undefined) allowOnly(rules, 'RoutingRule')
  return {
    indexDocument: textAt(index, 'Suffix') ?? '',
    ...(error === undefined ? {} : { errorDocument: textAt(error, 'Key') ?? '' }),
    ...(rules === undefined ? {} : { routingRules: childrenNamed(rules, 'RoutingRule').map(readRule) }),
  }
}

function readRule(element: XmlElement): RoutingRule {
  allowOnly(element, 'Condition', 'Redirect')
  const condition = childAt(element, 'Condition')
  const redirect = childAt(element, 'Redirect')
  if (redirect === undefined) throw new S3Error('MalformedXML')
  return {
    ...(condition === undefined ? {} : { condition: readCondition(condition) }),
    redirect: readRedirect(redirect),
  }
}

function readCondition(element: XmlElement): NonNullable<RoutingRule['condition']> {
  allowOnly(element, 'KeyPrefixEquals', 'HttpErrorCodeReturnedEquals')
  const prefix = textAt(element, 'KeyPrefixEquals')
  const status = readStatus(element, 'HttpErrorCodeReturnedEquals')
  return {
    ...(prefix === undefined ? {} : { keyPrefixEquals: prefix }),
    ...(status === undefined ? {} : { httpErrorCodeReturnedEquals: status }),
  }
}

function readRedirect(element: XmlElement): RoutingRule['redirect'] {
  allowOnly(element, 'HostName', 'Protocol', 'ReplaceKeyWith', 'ReplaceKeyPrefixWith', 'HttpRedirectCode')
  const hostName = textAt(element, 'HostName')
  const protocol = readProtocol(element)
  const whole = textAt(element, 'ReplaceKeyWith')
  const prefix = textAt(element, 'ReplaceKeyPrefixWith')
  const status = readStatus(element, 'HttpRedirectCode')
  return {
    ...(hostName === undefined ? {} : { hostName }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(whole === undefined ? {} : { replaceKeyWith: whole }),
    ...(prefix === undefined ? {} : { replaceKeyPrefixWith: prefix }),
    ...(status === undefined ? {} : { httpRedirectCode: status }),
  }
}

function describeRule({ condition, redirect }: RoutingRule): XmlContent {
  return {
    Condition:
      condition === undefined
        ? undefined
        : {
            HttpErrorCodeReturnedEquals: condition.httpErrorCodeReturnedEquals,
            KeyPrefixEquals: condition.keyPrefixEquals,
          },
    Redirect: {
      Protocol: redirect.protocol,
      HostName: redirect.hostName,
      ReplaceKeyPrefixWith: redirect.replaceKeyPrefixWith,
      ReplaceKeyWith: redirect.replaceKeyWith,
      HttpRedirectCode: redirect.httpRedirectCode,
    },
  }
}

/** Any text: `checkWebsite` refuses what is no protocol, with its own words. */
function readProtocol(element: XmlElement): WebsiteProtocol | undefined {
  return textAt(element, 'Protocol') as WebsiteProtocol | undefined
}

function readStatus(element: XmlElement, name: string): number | undefined {
  const text = textAt(element, name)
  if (text === undefined) return undefined
  if (!/^\d{1,5}$/.test(text)) throw new S3Error('MalformedXML')
  return Number(text)
}

/** S3 holds the document to its schema: a misspelt element is refused, not passed over. */
function allowOnly(element: XmlElement, ...names: readonly string[]): void {
  if (element.children.some((child) => !names.includes(child.name))) throw new S3Error('MalformedXML')
}
