// Multi-tenant distributions of the embedded CloudFront: the API through the official SDK, and what viewers get.

import {
  CreateDistributionTenantCommand,
  CreateInvalidationCommand,
  CreateInvalidationForDistributionTenantCommand,
  DeleteDistributionCommand,
  GetDistributionCommand,
  GetDistributionTenantByDomainCommand,
  GetDistributionTenantCommand,
  GetInvalidationForDistributionTenantCommand,
  ListDistributionsCommand,
  ListDistributionTenantsCommand,
  ListInvalidationsCommand,
  ListInvalidationsForDistributionTenantCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront'
import { afterEach, describe, expect, it } from 'vitest'
import type { CloudFrontOptions } from '../src/emulator/cloudfront/index.ts'
import type { World } from './emulator-cloudfront-world.ts'
import { startWorld } from './emulator-cloudfront-world.ts'

const running: World[] = []

async function startTemplate(options: Partial<CloudFrontOptions> = {}): Promise<{ world: World; templateId: string }> {
  const world = await startWorld(options)
  running.push(world)
  const { id } = world.cloudFront.createDistribution({
    bucket: 'sites',
    originPath: '/{{customer}}',
    tenantOnly: true,
    parameters: ['customer'],
    cacheTagHeader: 'x-amz-meta-cache-tag',
  })
  return { world, templateId: id }
}

afterEach(() => Promise.all(running.splice(0).map((world) => world.close())))

const batchOf = (items: string[]) => ({
  CallerReference: items.join(),
  Paths: { Quantity: items.length, Items: items },
})

function createTenants({ world, templateId }: { world: World; templateId: string }): { red: string; blue: string } {
  const make = (name: string) =>
    world.cloudFront.createTenant({
      distributionId: templateId,
      name,
      domains: [`${name}.example.com`],
      parameters: { customer: name },
    }).id
  return { red: make('red'), blue: make('blue') }
}

const hostOf = (name: string) => ({ headers: { Host: `${name}.example.com` } })

describe('the tenants API', () => {
  it('makes a tenant, and finds it by id, name and domain', async () => {
    const { world, templateId } = await startTemplate()
    const created = await world.client.send(
      new CreateDistributionTenantCommand({
        DistributionId: templateId,
        Name: 'red',
        Domains: [{ Domain: 'red.example.com' }, { Domain: 'www.red.example' }],
        Parameters: [{ Name: 'customer', Value: 'red' }],
      }),
    )
    const { DistributionTenant: tenant, ETag } = created
    expect(tenant?.Id).toMatch(/^dt_[A-Za-z0-9]{27}$/)
    expect(tenant).toMatchObject({
      DistributionId: templateId,
      Name: 'red',
      Domains: [
        { Domain: 'red.example.com', Status: 'active' },
        { Domain: 'www.red.example', Status: 'active' },
      ],
      Parameters: [{ Name: 'customer', Value: 'red' }],
      Enabled: true,
      Status: 'Deployed',
    })
    for (const Identifier of [tenant?.Id, tenant?.Arn, 'red']) {
      const read = await world.client.send(new GetDistributionTenantCommand({ Identifier }))
      expect([read.DistributionTenant, read.ETag]).toEqual([tenant, ETag])
    }
    const byDomain = await world.client.send(new GetDistributionTenantByDomainCommand({ Domain: 'www.red.example' }))
    expect(byDomain.DistributionTenant).toEqual(tenant)
    await expect(
      world.client.send(new GetDistributionTenantByDomainCommand({ Domain: 'other.example' })),
    ).rejects.toMatchObject({ name: 'EntityNotFound', $metadata: { httpStatusCode: 404 } })
  })

  it('lists tenants, of one distribution or all, page by page', async () => {
    const { world, templateId } = await startTemplate()
    const { red, blue } = createTenants({ world, templateId })
    const list = (input: object) => world.client.send(new ListDistributionTenantsCommand(input))
    const first = await list({ MaxItems: 1 })
    expect(first.DistributionTenantList?.map(({ Id }) => Id)).toEqual([red])
    const rest = await list({ Marker: first.NextMarker })
    expect([rest.DistributionTenantList?.map(({ Id }) => Id), rest.NextMarker]).toEqual([[blue], undefined])
    const ofOther = await list({ AssociationFilter: { DistributionId: 'EOTHER' } })
    expect(ofOther.DistributionTenantList ?? []).toEqual([])
    const ofThis = await list({ AssociationFilter: { DistributionId: templateId } })
    expect(ofThis.DistributionTenantList?.[0]).toMatchObject({
      Id: red,
      DistributionId: templateId,
      Domains: [{ Domain: 'red.example.com' }],
      ETag: expect.stringMatching(/^E/),
    })
  })

  it.each([
    ['CNAMEAlreadyExists', { domains: ['red.example.com'] }],
    ['EntityAlreadyExists', { name: 'red' }],
    ['InvalidArgument', { parameters: {} }],
    ['InvalidArgument', { parameters: { customer: 'x', other: 'y' } }],
    ['InvalidArgument', { domains: [] }],
    ['EntityNotFound', { distributionId: 'EOTHER' }],
  ])('refuses with %s: %j', async (name, changes) => {
    const { world, templateId } = await startTemplate()
    createTenants({ world, templateId })
    const wanted = {
      distributionId: templateId,
      name: 'new',
      domains: ['new.example.com'],
      parameters: { customer: 'new' },
    }
    const { distributionId, domains, parameters, ...named } = { ...wanted, ...changes }
    const command = new CreateDistributionTenantCommand({
      DistributionId: distributionId,
      Name: named.name,
      Domains: domains.map((Domain) => ({ Domain })),
      Parameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
    })
    await expect(world.client.send(command)).rejects.toMatchObject({ name })
  })

  it('marks the template, and keeps it while it has tenants', async () => {
    const { world, templateId } = await startTemplate()
    createTenants({ world, templateId })
    const { DistributionList } = await world.client.send(new ListDistributionsCommand({}))
    expect(DistributionList?.Items?.[0]).toMatchObject({ Id: templateId, ConnectionMode: 'tenant-only' })
    const { Distribution, ETag } = await world.client.send(new GetDistributionCommand({ Id: templateId }))
    const disabled = await world.client.send(
      new UpdateDistributionCommand({
        Id: templateId,
        IfMatch: ETag,
        DistributionConfig: { ...Distribution!.DistributionConfig!, Enabled: false },
      }),
    )
    await expect(
      world.client.send(new DeleteDistributionCommand({ Id: templateId, IfMatch: disabled.ETag })),
    ).rejects.toMatchObject({ name: 'ResourceInUse' })
  })
})

describe('a tenant', () => {
  it('is found by its domain, served from its own origin path, and caches for itself', async () => {
    const made = await startTemplate()
    const { world } = made
    createTenants(made)
    world.bucket.put('red/a', 'red')
    world.bucket.put('blue/a', 'blue')
    for (const name of ['red', 'blue', 'red']) expect((await world.view('/a', hostOf(name))).text).toBe(name)
    expect(world.bucket.requests.map(({ path }) => path)).toEqual(['/red/a', '/blue/a'])
    expect((await world.view('/a', hostOf('green'))).status).toBe(403)
  })

  it('keeps its copies when another one is invalidated', async () => {
    const made = await startTemplate()
    const { world, templateId } = made
    const { red, blue } = createTenants(made)
    for (const name of ['red', 'blue']) {
      world.bucket.put(`${name}/a`, 'one')
      await world.view('/a', hostOf(name))
      world.bucket.put(`${name}/a`, 'two')
    }
    const { Invalidation } = await world.client.send(
      new CreateInvalidationForDistributionTenantCommand({ Id: red, InvalidationBatch: batchOf(['/a']) }),
    )
    world.clock.advance(1000)
    const read = await world.client.send(
      new GetInvalidationForDistributionTenantCommand({ DistributionTenantId: red, Id: Invalidation?.Id }),
    )
    expect(read.Invalidation).toMatchObject({ Status: 'Completed', InvalidationBatch: { Paths: { Items: ['/a'] } } })
    expect((await world.view('/a', hostOf('red'))).text).toBe('two')
    expect((await world.view('/a', hostOf('blue'))).text).toBe('one')

    const count = async (Id: string) =>
      (await world.client.send(new ListInvalidationsForDistributionTenantCommand({ Id }))).InvalidationList?.Quantity
    expect([await count(red), await count(blue)]).toEqual([1, 0])
    const ofTemplate = await world.client.send(new ListInvalidationsCommand({ DistributionId: templateId }))
    expect(ofTemplate.InvalidationList?.Quantity).toBe(0)
    expect(world.cloudFront.pathsBilledThisMonth).toBe(1)
  })

  it.each([
    ['covers-tenants', 'two'],
    ['leaves-tenants', 'one'],
  ] as const)(
    'with templateInvalidation %s shows "%s" after one of the template',
    async (templateInvalidation, left) => {
      const made = await startTemplate({ templateInvalidation })
      const { world, templateId } = made
      createTenants(made)
      world.bucket.put('red/a', 'one', { 'x-amz-meta-cache-tag': 'all' })
      await world.view('/a', hostOf('red'))
      world.bucket.put('red/a', 'two')
      const InvalidationBatch = batchOf(['#all'])
      await world.client.send(new CreateInvalidationCommand({ DistributionId: templateId, InvalidationBatch }))
      world.clock.advance(1000)
      expect((await world.view('/a', hostOf('red'))).text).toBe(left)
    },
  )
})
