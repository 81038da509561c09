// A pull request's plan as one comment: written once, changed from then on. Over GitHub's REST API, by fetch.
//
// Source: GitHub REST API, "Issue comments" and "Users"; GitHub Docs, "Webhook events and payloads", pull_request.

import { readFileSync } from 'node:fs'
import * as z from 'zod'
import type { Environment } from '../config/environment.ts'

export interface PullRequest {
  /** `octocat/hello-world` */
  readonly repository: string
  readonly number: number
  /** From a fork: its steps get no secrets, and a token that may not write. */
  readonly isFork: boolean
}

export interface Comment {
  readonly id: number
  readonly body: string
  readonly author: { readonly login: string; readonly isBot: boolean }
}

/** The comments of one pull request. A method rejects with an Error that says why. */
export interface Comments {
  /** Oldest first; ends when there are no more. */
  list(): AsyncIterable<readonly Comment[]>
  /** Whose token it is; undefined for a token of the runner, which is a bot's. */
  readLogin(): Promise<string | undefined>
  create(body: string): Promise<void>
  update(id: number, body: string): Promise<void>
}

/** Longer bodies are refused. */
export const MAX_COMMENT_CHARACTERS = 65_536

const REQUEST_TIMEOUT_MS = 15_000
const COMMENTS_PER_PAGE = 100
/** A pull request with more comments than these gets one more. */
const MAX_PAGES = 30

const payloadSchema = z.object({
  pull_request: z.object({
    number: z.int().min(1),
    head: z.object({ repo: z.object({ full_name: z.string() }).nullish() }).nullish(),
  }),
})

const commentsSchema = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: z.object({ login: z.string(), type: z.string() }).nullish(),
  }),
)

/** @returns undefined where the run is not for a pull request */
export function readPullRequest(env: Environment): PullRequest | undefined {
  const repository = env['GITHUB_REPOSITORY'] ?? ''
  const file = env['GITHUB_EVENT_PATH'] ?? ''
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || file === '') return undefined
  const payload = payloadSchema.safeParse(readJson(file))
  if (!payload.success) return undefined
  const { number, head } = payload.data.pull_request
  return { repository, number, isFork: head?.repo?.full_name !== repository }
}

/**
 * @param marker at the beginning of the comment, for the next run to know it by
 * @returns what was done
 */
export async function writeStickyComment(
  comments: Comments,
  marker: string,
  text: string,
): Promise<'created' | 'updated'> {
  const body = `${marker}\n${text}`
  const login = await comments.readLogin()
  for await (const page of comments.list()) {
    // Anybody can write the marker into a comment, and then change what stands there.
    const own = page.find(
      ({ body: known, author }) =>
        known.startsWith(marker) && (login === undefined ? author.isBot : author.login === login),
    )
    if (own === undefined) continue
    if (own.body !== body) await comments.update(own.id, body)
    return 'updated'
  }
  await comments.create(body)
  return 'created'
}

export function gitHubComments(
  { repository, number }: PullRequest,
  { apiUrl, token }: { readonly apiUrl: string; readonly token: string },
): Comments {
  const issues = `/repos/${repository}/issues`
  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${apiUrl.replace(/\/+$/, '')}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'freshfront',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    })
  return {
    async *list() {
      for (let page = 1; page <= MAX_PAGES; page++) {
        const response = await send('GET', `${issues}/${number}/comments?per_page=${COMMENTS_PER_PAGE}&page=${page}`)
        const found = commentsSchema.parse(await (await expectOk(response)).json())
        yield found.map(({ id, body, user }) => {
          return { id, body: body ?? '', author: { login: user?.login ?? '', isBot: user?.type === 'Bot' } }
        })
        if (found.length < COMMENTS_PER_PAGE) return
      }
    },
    async readLogin() {
      const response = await send('GET', '/user')
      if (!response.ok) return undefined
      return z.object({ login: z.string() }).parse(await response.json()).login
    },
    async create(body) {
      await expectOk(await send('POST', `${issues}/${number}/comments`, { body }))
    },
    async update(id, body) {
      await expectOk(await send('PATCH', `${issues}/comments/${id}`, { body }))
    },
  }
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response
  const permission = response.status === 403 || response.status === 404
  throw new Error(
    permission
      ? `the token may not do that (HTTP ${response.status}): the job needs "permissions: pull-requests: write", and a fork's token never has it`
      : `GitHub answered with HTTP ${response.status}`,
  )
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // No payload, or none that can be read: then nothing is known of a pull request.
    return undefined
  }
}
