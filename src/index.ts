// The public API: everything a program needs to deploy a site as the command line does.
//
//   const ports = await connectAws({ bucket: config.bucket, concurrency: config.concurrency })
//   const outcome = await deploy(config, ports, { mode: 'deploy' })
//
// where `config` is a whole Config: see model.ts.

export { connectAws, type ConnectOptions } from './aws/connect.ts'
export { deploy, type DeployOptions } from './deploy.ts'
export { deployShard, type ShardOptions } from './deploy-shard.ts'
export { FreshfrontError, type ErrorClass } from './errors.ts'
export type * from './model.ts'
export { invalidatePaths, type InvalidateOptions, type InvalidateRequest } from './invalidate-paths.ts'
export type * from './ports.ts'
export { readStatus } from './read-status.ts'
export { runDoctor, type RunDoctorOptions } from './run-doctor.ts'
export { verifySite, type VerifySiteOptions } from './verify-site.ts'
