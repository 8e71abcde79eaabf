import type { Page } from 'puppeteer'
import { describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { PASSPHRASE, useWorld } from './world.ts'

const FIRST = 'nine lanterns under the old bridge'
const SECOND = 'four violins in a slow canoe'

describe('two windows at once', () => {
  const world = useWorld('keys')

  it('C88: that change the passphrase: one wins, the other is told, no key is lost', async () => {
    const [one, other] = await twoWindows()
    const before = await keys(one)
    await unlockFrom(one, PASSPHRASE)

    const outcomes = await Promise.all([
      outcomeOf(change(one, PASSPHRASE, FIRST)),
      outcomeOf(change(other, PASSPHRASE, SECOND)),
    ])

    expect(outcomes.toSorted()).toEqual(['done', 'refused'])
    const [winner, loser] = outcomes[0] === 'done' ? [FIRST, SECOND] : [SECOND, FIRST]
    await expect(unlockFrom(one, PASSPHRASE)).rejects.toThrow('vault.unlock_failed')
    await expect(unlockFrom(one, loser)).rejects.toThrow('vault.unlock_failed')
    await unlockFrom(one, winner)
    expect(await keys(other)).toEqual(before)

    await change(one, winner, PASSPHRASE)
    await Promise.all([one.close(), other.close()])
  })

  it('C88: of which one rotates the root key: the vault opens, and every key is there', async () => {
    const [one, other] = await twoWindows()
    const before = await keys(one)

    const outcomes = await Promise.all([
      outcomeOf(askFrom(one, 'vault.rotate', { passphrase: PASSPHRASE, passkeys: [] })),
      outcomeOf(change(other, PASSPHRASE, FIRST)),
    ])

    expect(outcomes).toContain('done')
    await unlockFrom(one, outcomes[1] === 'done' ? FIRST : PASSPHRASE)
    expect(await keys(other)).toEqual(before)
  })

  async function twoWindows(): Promise<[Page, Page]> {
    return [await world.window('popup.html'), await world.window('popup.html')]
  }
})

function change(page: Page, passphrase: string, newPassphrase: string): Promise<unknown> {
  return askFrom(page, 'vault.change_passphrase', { passphrase, newPassphrase })
}

async function outcomeOf(asked: Promise<unknown>): Promise<'done' | 'refused'> {
  return asked.then(
    () => 'done',
    (error: unknown) => {
      if (!/vault\.unlock_failed|sync\.conflict/.test(String(error))) throw error
      return 'refused'
    },
  )
}

async function unlockFrom(page: Page, passphrase: string): Promise<void> {
  await askFrom(page, 'vault.lock', {})
  await askFrom(page, 'vault.unlock', { passphrase })
}

async function keys(page: Page): Promise<readonly string[]> {
  const { keys: all } = await askFrom(page, 'key.list', {})
  return all.map(({ id, label }) => `${id} ${label}`).toSorted()
}
