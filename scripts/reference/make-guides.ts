// A page for each generator, written out of its facts. Pure.

import { generators, type Generator } from './generators.ts'

/** @returns pages by file name: `astro.md` */
export function makeGuides(): ReadonlyMap<string, string> {
  return new Map(generators.map((generator) => [`${generator.slug}.md`, writeGuide(generator)]))
}

function writeGuide(generator: Generator): string {
  const { name, build, folder, before, notes } = generator
  return `${[
    '<!-- Made by scripts/write-reference.ts from scripts/reference/generators.ts: npm run docs:reference -->',
    `# ${name}`,
    [before, `The build writes to \`${folder}\`:`].filter((text) => text !== undefined).join(' '),
    `\`\`\`sh\n${build}\nnpx freshfront plan ${folder} --bucket my-site     # look\nnpx freshfront deploy ${folder} --bucket my-site   # go\n\`\`\``,
    'Or keep it in `freshfront.json`:',
    `\`\`\`json\n${JSON.stringify({ $schema: './node_modules/freshfront/schema.json', dir: folder, bucket: 'my-site' }, null, 2)}\n\`\`\``,
    '## Worth knowing',
    notes.map((note) => `- ${note}`).join('\n'),
    '## URLs',
    describePages(generator),
    '## Caching',
    describeCaching(generator),
    '## In CI',
    `Build, then deploy: [the workflow](../start.md#_5-in-github-actions) with \`${build}\` as its build.`,
  ].join('\n\n')}\n`
}

function describePages({ pages }: Generator): string {
  const folders =
    'The page `/about/` is stored as `about/index.html`. S3 behind origin access control does not look for index documents in folders: a small CloudFront Function on viewer requests has to append `index.html`.'
  const files =
    'The page `/about` is stored as `about.html`. Where links leave out `.html`, a small CloudFront Function on viewer requests has to append it.'
  const read =
    'Freshfront reads and runs that function, so that all URLs of a page are purged when it changes: [from keys to URLs](../urls.md).'
  if (pages === 'folders') return `${folders} ${read}`
  if (pages === 'files') return `${files} ${read}`
  if (pages === 'either') return `Where pages are folders: ${folders}\n\nWhere they are files: ${files}\n\n${read}`
  return (
    'There is one page, and the script in it reads the URL. Let the distribution answer 403 and 404 with `/index.html` and status 200 (custom error responses), with an error caching time of 10 seconds: ' +
    'when `index.html` changes, Freshfront also deals with the copies of it that edges keep under URLs that do not exist.'
  )
}

function describeCaching({ fingerprinted }: Generator): string {
  const everything =
    'Edges may keep everything until it is purged; browsers should ask each time, which costs them a short answer (304) when nothing changed:\n\n' +
    '```json\n{ "cacheControl": "public, max-age=0, s-maxage=31536000, must-revalidate" }\n```'
  const immutable =
    fingerprinted === undefined
      ? 'Where names hold a fingerprint, browsers need not ask: give those paths a behavior of their own with a response headers policy.'
      : `What lies below \`${fingerprinted}\` has a fingerprint in its name and never changes: a behavior for \`${fingerprinted}\` with a response headers policy that sets \`Cache-Control: public, max-age=31536000, immutable\` (override) spares browsers the question.`
  return `${everything}\n\n${immutable} Such files are never purged needlessly: a new build has new names.`
}
