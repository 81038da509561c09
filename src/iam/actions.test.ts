import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { CALLED_ACTIONS } from './actions.ts'

const folder = new URL('../aws/', import.meta.url)

/** `PutObject` for every `PutObjectCommand` that a file of aws/ imports as a value. */
async function commandsOf(names: readonly string[]): Promise<string[]> {
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, folder), 'utf8')))
  const imported = sources.flatMap((source) =>
    [...source.matchAll(/^import \{([^}]*)\} from '@aws-sdk\/client-[a-z0-9]+'$/gmu)].flatMap(([, list = '']) =>
      list.split(',').map((name) => name.trim()),
    ),
  )
  return [...new Set(imported.flatMap((name) => /^(\w+)Command$/u.exec(name)?.[1] ?? []))].toSorted()
}

describe('the table of actions', () => {
  it('has every SDK command that aws/ sends, and no other', async () => {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    const inTable = [...new Set(CALLED_ACTIONS.flatMap(({ commands }) => commands))].toSorted()
    expect(inTable).toEqual(await commandsOf(files))
  })

  it('asks of a deploy nothing that only the doctor reads', async () => {
    const byDeploy = await commandsOf(
      (await readdir(folder)).filter(
        (name) => name.endsWith('.ts') && !name.includes('.test.') && name !== 'inspector.ts',
      ),
    )
    const forDoctor = CALLED_ACTIONS.filter(({ need }) => need === 'doctor').flatMap(({ commands }) => commands)
    expect(forDoctor.filter((command) => byDeploy.includes(command))).toEqual([])
  })
})
