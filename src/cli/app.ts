// The commands, as data. Their bodies are loaded when they are run, so that --help starts at once.

import { readFile } from 'node:fs/promises'

import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  help,
  text_en,
  version,
  type Application,
  type HelpIntegrationConfiguration,
} from '@stricli/core'

import type { FreshfrontError } from '../errors.ts'
import type { CliContext } from './context.ts'
import { exitCodeOfError } from './exit-codes.ts'
import { initArguments, initFlags } from './init-flags.ts'
import {
  deployArguments,
  deployFlags,
  doctorFlags,
  iamFlags,
  headersPolicyFlags,
  invalidateArguments,
  invalidateFlags,
  localArguments,
  localFlags,
  planFlags,
  redirectsFlags,
  siteArguments,
  statusFlags,
  unlockFlags,
  verifyFlags,
} from './flags.ts'
import { explainArgumentError, explainUnknownCommand } from './usage-errors.ts'

const overview = `Puts a static site on S3 behind CloudFront and refreshes exactly what changed, everywhere.

TRY IT
  freshfront local public                     an S3 and CloudFront of your own, here; no account needed
  freshfront plan public --bucket my-site     every request that a deploy would make, and why
  freshfront deploy public --bucket my-site   make them
  freshfront init                             the configuration and a GitHub workflow

SETTINGS
  Each flag has a variable (FRESHFRONT_BUCKET) and a key in freshfront.json ("bucket").
  A flag wins over the variable, that over the file. Credentials are found as the AWS CLI finds them.

EXIT CODES
  0 done, or nothing to do   1 failed   2 wrong usage or configuration   3 refused by a guard
  4 another deploy is under way, or newer, or the plan is outdated   5 live, not seen to be fresh   130 stopped by Ctrl-C`

const deployCommand = buildCommand({
  loader: async () => (await import('./commands/deploy.ts')).runDeploy,
  parameters: { flags: deployFlags, positional: deployArguments },
  docs: {
    brief: 'Put a folder live and refresh exactly what changed',
    fullDescription: `Compares the folder with the bucket, uploads what differs, removes what was deployed and is gone,
refreshes the URLs of all that on every distribution, and waits until no edge location has the old ones. With
--verify-url it then asks the edge for them, and purges once more what is still stale.

EXAMPLES
  freshfront deploy public --bucket my-site
  freshfront deploy public s3://my-site/blog --distribution E2QWRUHAPOMQZL
  freshfront deploy --exclude '*.map' --no-wait       with "dir" and "bucket" in freshfront.json
  freshfront deploy public --local                    to the embedded cloud
  freshfront deploy public --shard 3/16               one share of a site of millions; then, once: deploy --finish`,
    customUsage: ['[flags] [DIR] [s3://BUCKET/PREFIX]'],
  },
})

const planCommand = buildCommand({
  loader: async () => (await import('./commands/plan.ts')).runPlan,
  parameters: { flags: planFlags, positional: deployArguments },
  docs: {
    brief: 'Show what deploy would do, and why; write nothing',
    fullDescription: `Shows every upload, removal and invalidation path of a deploy, each with its reason, and where each
setting came from. Reads the bucket and the distributions; writes nothing.

EXAMPLES
  freshfront plan public --bucket my-site
  freshfront plan --out plan.json     freshfront deploy --plan plan.json does exactly this later, or nothing
  freshfront plan --json | jq '.invalidations[].items[].item'`,
    customUsage: ['[flags] [DIR] [s3://BUCKET/PREFIX]'],
  },
})

const invalidateCommand = buildCommand({
  loader: async () => (await import('./commands/invalidate.ts')).runInvalidate,
  parameters: { flags: invalidateFlags, positional: invalidateArguments },
  docs: {
    brief: 'Refresh paths, or what commits have changed, at every edge',
    fullDescription: `Invalidates paths as they are written: with or without the first slash, encoded or not, whole URLs, prefixes that
end in * (in quotes, or the shell expands them), cache tags with a #. What a function at the edge makes of a path is refreshed too. With
--from-git the files that commits have changed are refreshed under all of their URLs. deploy does all this by itself.

EXAMPLES
  freshfront invalidate /blog/ '/assets/*' --distribution E2QWRUHAPOMQZL
  freshfront invalidate https://www.example.com/café '#posts' --bucket my-site
  freshfront invalidate --from-git v1.2..HEAD --root site --bucket my-site
  git diff --name-only HEAD~1 | freshfront invalidate --paths-from - --distribution E2QWRUHAPOMQZL --dry-run`,
    customUsage: ['[flags] [PATH]…'],
  },
})

const verifyCommand = buildCommand({
  loader: async () => (await import('./commands/verify.ts')).runVerify,
  parameters: { flags: verifyFlags, positional: deployArguments },
  docs: {
    brief: 'Ask the edge whether it answers with what is live',
    fullDescription: `Asks the edge for the URLs of what the last deploy put live, in the encodings that browsers ask for, and shows
where status, bytes or headers differ. Reads the folder only to say what is not deployed yet; writes nothing, purges
nothing. Ends with 5 when an answer is stale. deploy --verify-url does the same for what it changed, and purges again.

EXAMPLES
  freshfront verify public --bucket my-site --verify-url https://www.example.com
  freshfront verify public --bucket my-site --verify-url https://www.example.com \\
    --resolve www.example.com:443:203.0.113.7 --resolve www.example.com:443:198.51.100.9
  freshfront verify public --local --all`,
    customUsage: ['[flags] [DIR] [s3://BUCKET/PREFIX]'],
  },
})

const statusCommand = buildCommand({
  loader: async () => (await import('./commands/status.ts')).runStatus,
  parameters: { flags: statusFlags },
  docs: {
    brief: 'Show what is live, what is owed to the caches and who is deploying',
    fullDescription: `Shows the last completed release, the purges that are still owed, who holds the lock, and what somebody else has
changed, removed or put beside it. Writes nothing.

EXAMPLES
  freshfront status --bucket my-site
  freshfront status --json | jq '.drift.changed[]'`,
  },
})

const unlockCommand = buildCommand({
  loader: async () => (await import('./commands/unlock.ts')).runUnlock,
  parameters: { flags: unlockFlags },
  docs: {
    brief: 'Say who holds the lock; with --force, take it away',
    fullDescription: `Says who holds the lock and what taking it away risks, and takes it away with --force. A lock that a dead run has
left needs none of this: the next deploy takes it over by itself.

EXAMPLES
  freshfront unlock --bucket my-site
  freshfront unlock --bucket my-site --force`,
  },
})

const doctorCommand = buildCommand({
  loader: async () => (await import('./commands/doctor.ts')).runDoctorCommand,
  parameters: { flags: doctorFlags },
  docs: {
    brief: 'Say what is wrong with the bucket and its distributions, and the fix',
    fullDescription: `Reads how the bucket and the distributions in front of it are set up, asks the edge as a visitor would, and names
what goes wrong or could be better: who can read what, which pages are not found, what is cached too long or too
little, which permissions are missing. Writes nothing. Ends with 1 when there are problems.

EXAMPLES
  freshfront doctor --bucket my-site
  freshfront doctor --json | jq '.findings[] | select(.severity == "problem")'
  freshfront doctor --local`,
  },
})

const iamCommand = buildCommand({
  loader: async () => (await import('./commands/iam.ts')).runIam,
  parameters: { flags: iamFlags },
  docs: {
    brief: 'Write least-privilege policies for the role and the bucket',
    fullDescription: `Writes the policy of the deploying role, with the requests that Freshfront makes and no others; the trust policy that
lets one branch or environment of one GitHub repository take it; and the bucket policy that lets CloudFront read the
site and not what Freshfront remembers. Asks nobody and changes nothing. The stack of --format cloudformation needs
CAPABILITY_NAMED_IAM; that of --format terraform is a .tf.json file. A bucket has one policy: merge, if it has one.

EXAMPLES
  freshfront iam --bucket my-site --only role --account 123456789012
  freshfront iam --bucket my-site --distribution E2QWRUHAPOMQZL --repo octo/site --format cloudformation > stack.json
  freshfront iam --repo octo/site --environment production --format terraform > freshfront.tf.json`,
  },
})

const headersPolicyCommand = buildCommand({
  loader: async () => (await import('./commands/headers-policy.ts')).runHeadersPolicy,
  parameters: { flags: headersPolicyFlags, positional: siteArguments },
  docs: {
    brief: 'Write what S3 cannot send as a response headers policy',
    fullDescription: `Writes the headers of _headers and of "headers" in freshfront.json that S3 does not store, such as
Content-Security-Policy, as a response headers policy for CloudFront. Asks nobody and changes nothing.

EXAMPLES
  freshfront headers-policy public > policy.json
  aws cloudfront create-response-headers-policy --response-headers-policy-config file://policy.json`,
    customUsage: ['[flags] [DIR]'],
  },
})

const redirectsCommand = buildCommand({
  loader: async () => (await import('./commands/redirects.ts')).runRedirects,
  parameters: { flags: redirectsFlags, positional: siteArguments },
  docs: {
    brief: 'List the redirects of _redirects, or write them as a function',
    fullDescription: `Says of each line of _redirects who can make it. With --function it writes a CloudFront Function for viewer
requests that makes them all; a cache behavior takes one such function, so --directory-index is part of it.
Where the bucket is read through its website endpoint, deploy stores permanent redirects as objects by itself.

EXAMPLES
  freshfront redirects public
  freshfront redirects public --function --directory-index > redirects.js
  aws cloudfront create-function --name redirects --function-code fileb://redirects.js \\
    --function-config Comment=redirects,Runtime=cloudfront-js-2.0`,
    customUsage: ['[flags] [DIR]'],
  },
})

const initCommand = buildCommand({
  loader: async () => (await import('./commands/init.ts')).runInit,
  parameters: { flags: initFlags, positional: initArguments },
  docs: {
    brief: 'Write freshfront.json and a GitHub workflow for a project',
    fullDescription: `Looks at the project in DIR (the current folder) to see what builds its site, asks for what it cannot see, and writes
freshfront.json and .github/workflows/deploy.yml: with pinned actions, a role instead of stored keys, and a plan on pull
requests. With --from-workflow it rewrites the steps of an existing workflow that deploy (s3-sync-action, s3-deploy, aws s3
sync, create-invalidation), and leaves every other byte as it is. Shows what changes in files that are there, and
overwrites none without being told.

EXAMPLES
  freshfront init
  freshfront init website --bucket my-site --role-arn arn:aws:iam::123456789012:role/deploy --yes
  freshfront init --from-workflow .github/workflows/deploy.yml`,
    customUsage: ['[flags] [DIR]'],
  },
})

const localCommand = buildCommand({
  loader: async () => (await import('./commands/local.ts')).runLocal,
  parameters: { flags: localFlags, positional: localArguments },
  docs: {
    brief: 'Run the embedded S3 and CloudFront, with DIR deployed to it',
    fullDescription: `Starts S3, CloudFront and its edge locations on this computer, deploys DIR to them and prints where to look
at the site. What is stored stays in .freshfront/local. Ends with Ctrl-C; until then, freshfront deploy --local
in this folder deploys to it.

EXAMPLES
  freshfront local public
  freshfront deploy public --local      in another terminal, after an edit`,
    customUsage: ['[flags] [DIR]'],
  },
})

const routes = {
  deploy: deployCommand,
  plan: planCommand,
  invalidate: invalidateCommand,
  verify: verifyCommand,
  status: statusCommand,
  unlock: unlockCommand,
  doctor: doctorCommand,
  iam: iamCommand,
  'headers-policy': headersPolicyCommand,
  redirects: redirectsCommand,
  init: initCommand,
  local: localCommand,
}
const flagsByCommand = {
  deploy: deployFlags,
  plan: planFlags,
  invalidate: invalidateFlags,
  verify: verifyFlags,
  status: statusFlags,
  unlock: unlockFlags,
  doctor: doctorFlags,
  iam: iamFlags,
  'headers-policy': headersPolicyFlags,
  redirects: redirectsFlags,
  init: initFlags,
  local: localFlags,
}
const formatting: HelpIntegrationConfiguration['formatting'] = {
  caseStyle: 'convert-camel-to-kebab',
  useAliasInUsageLine: false,
  onlyRequiredInUsageLine: true,
}

export interface AppOptions {
  readonly cwd: string
  /** Takes each error as it is; what the parser writes itself is of no use then. */
  readonly onError: (error: unknown) => void
}

export function buildApp(options: AppOptions): Application<CliContext> {
  const { cwd, onError } = options
  const usage = (error: FreshfrontError): string => {
    onError(error)
    return ''
  }
  const unexpected = (error: unknown): string => {
    onError(error)
    return ''
  }
  return buildApplication(
    buildRouteMap({
      routes,
      docs: { brief: 'Puts a static site on S3 behind CloudFront', fullDescription: overview },
    }),
    {
      name: 'freshfront',
      scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
      determineExitCode: exitCodeOfError,
      localization: {
        text: {
          ...text_en,
          noCommandRegisteredForInput: ({ input }) => usage(explainUnknownCommand(input, Object.keys(routes), cwd)),
          exceptionWhileParsingArguments: (error) => usage(explainArgumentError(error, allFlagNames)),
          exceptionWhileLoadingCommandFunction: unexpected,
          exceptionWhileLoadingCommandContext: unexpected,
          exceptionWhileRunningCommand: unexpected,
          exceptionWhileRunningIntegrationFlag: ({ exception }) => unexpected(exception),
          commandErrorResult: unexpected,
        },
      },
    },
    {
      help: help({ brief: 'Show this help', defaultForRouteMap: true, formatting }),
      version: version({ brief: 'Show the version', info: { getCurrentVersion: readVersion } }),
    },
  )
}

const allFlagNames: readonly string[] = [
  ...new Set(Object.values(flagsByCommand).flatMap((flags) => Object.keys(flags).map(toKebabCase))),
  'no-wait',
  'help',
]

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

async function readVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
