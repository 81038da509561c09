// The API's operations on distribution tenants: CreateDistributionTenant, GetDistributionTenant(ByDomain),
// ListDistributionTenants. Facts: CloudFront API Reference, the page of each.

import type { XmlContent, XmlElement } from '../xml.ts'
import { childAt, textAt } from '../xml.ts'
import type { Reply, Route } from './api-route.ts'
import { route } from './api-route.ts'
import { toIsoTime } from './documents.ts'
import { takePage } from './paging.ts'
import type { NewTenant, Tenant, Tenants } from './tenants.ts'

export function tenantRoutes(tenants: Tenants): readonly Route[] {
  function replyWith(tenant: Tenant, status: number): Reply {
    const content = { ...summaryFields(tenant), Parameters: parametersContent(tenant) }
    return { status, headers: { ETag: tenant.etag }, root: 'DistributionTenant', content }
  }

  return [
    route('POST', 'distribution-tenant', ({ readXml }) => replyWith(tenants.create(readNewTenant(readXml())), 201)),
    route('GET', 'distribution-tenant', ({ query }) => replyWith(tenants.getByDomain(query.get('domain') ?? ''), 200)),
    route('GET', 'distribution-tenant/{}', ({ ids: [identifier = ''] }) => replyWith(tenants.get(identifier), 200)),
    route('POST', 'distribution-tenants', ({ readXml }) => {
      const sent = readXml()
      const distributionId = textAt(sent, 'AssociationFilter', 'DistributionId')
      const wanted = tenants
        .list()
        .filter((tenant) => distributionId === undefined || tenant.distributionId === distributionId)
      const asked = new URLSearchParams()
      for (const name of ['Marker', 'MaxItems']) {
        const value = textAt(sent, name)
        if (value !== undefined) asked.set(name, value)
      }
      const page = takePage(wanted, asked)
      const summaries = page.items.map((tenant) => ({ ...summaryFields(tenant), ETag: tenant.etag }))
      return {
        root: 'ListDistributionTenantsResult',
        content: { NextMarker: page.nextMarker, DistributionTenantList: { DistributionTenantSummary: summaries } },
      }
    }),
  ]
}

function summaryFields(tenant: Tenant): Readonly<Record<string, XmlContent>> {
  const createdTime = toIsoTime(tenant.createdMs)
  return {
    Id: tenant.id,
    DistributionId: tenant.distributionId,
    Name: tenant.name,
    Arn: tenant.arn,
    Domains: { member: tenant.domains.map((domain) => ({ Domain: domain, Status: 'active' })) },
    CreatedTime: createdTime,
    LastModifiedTime: createdTime,
    Enabled: tenant.enabled,
    Status: 'Deployed',
  }
}

function parametersContent({ parameters }: Tenant): XmlContent {
  return { member: Object.entries(parameters).map(([name, value]) => ({ Name: name, Value: value })) }
}

function readNewTenant(sent: XmlElement): NewTenant {
  const domains = childAt(sent, 'Domains')?.children ?? []
  const parameters = childAt(sent, 'Parameters')?.children ?? []
  return {
    distributionId: textAt(sent, 'DistributionId') ?? '',
    name: textAt(sent, 'Name') ?? '',
    domains: domains.map((item) => textAt(item, 'Domain') ?? ''),
    parameters: Object.fromEntries(parameters.map((one) => [textAt(one, 'Name') ?? '', textAt(one, 'Value') ?? ''])),
    enabled: textAt(sent, 'Enabled') !== 'false',
  }
}
