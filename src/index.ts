// The public API: everything a program needs to deploy a site as the command line does.
//
//   const ports = await connectAws({ bucket: 'my-site', concurrency: 16 })
//   const outcome = await deploy({ ...defaultConfig, dir: 'public', bucket: 'my-site' }, ports, { mode: 'deploy' })

export { connectAws, type ConnectOptions } from './aws/connect.ts'
export { deploy, type DeployOptions } from './deploy.ts'
export { FreshfrontError, type ErrorClass } from './errors.ts'
export type * from './model.ts'
export type * from './ports.ts'
export { readStatus } from './read-status.ts'
export { verifySite, type VerifySiteOptions } from './verify-site.ts'
