// The sticky comment: whose it is, and when there is one more.

import { describe, expect, it } from 'vitest'
import { type Comment, type Comments, writeStickyComment } from './pull-request.ts'

const MARKER = '<!-- freshfront plan 0123456789abcdef -->'

function commentsWith(existing: Comment[], login?: string): Comments & { readonly done: string[] } {
  const done: string[] = []
  return {
    done,
    async *list() {
      for (const comment of existing) yield [comment]
    },
    readLogin: () => Promise.resolve(login),
    create: (body) => Promise.resolve(void done.push(`create ${body}`)),
    update: (id, body) => Promise.resolve(void done.push(`update ${id} ${body}`)),
  }
}

const bot = { login: 'github-actions[bot]', isBot: true }
const stranger = { login: 'stranger', isBot: false }

describe('writeStickyComment', () => {
  it.each<[string, Comment[], string | undefined, string[]]>([
    ['creates the first', [], undefined, [`create ${MARKER}\nnew`]],
    ['updates its own', [{ id: 5, body: `${MARKER}\nold`, author: bot }], undefined, [`update 5 ${MARKER}\nnew`]],
    ['leaves its own as it is when nothing is new', [{ id: 5, body: `${MARKER}\nnew`, author: bot }], undefined, []],
    [
      'never touches the marker of a stranger',
      [{ id: 5, body: MARKER, author: stranger }],
      undefined,
      [`create ${MARKER}\nnew`],
    ],
    [
      'knows its own by the login of a personal token',
      [{ id: 5, body: MARKER, author: stranger }],
      'stranger',
      [`update 5 ${MARKER}\nnew`],
    ],
    [
      'leaves the comment of another site alone',
      [{ id: 5, body: '<!-- freshfront plan f -->', author: bot }],
      undefined,
      [`create ${MARKER}\nnew`],
    ],
    [
      'leaves a comment that quotes it alone',
      [{ id: 5, body: `> ${MARKER}`, author: bot }],
      undefined,
      [`create ${MARKER}\nnew`],
    ],
  ])('%s', async (_, existing, login, done) => {
    const comments = commentsWith(existing, login)
    await writeStickyComment(comments, MARKER, 'new')
    expect(comments.done).toEqual(done)
  })
})
