import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyId, ProviderId, UiResult } from '@valetkey/wallet/protocol'
import { freePort, startServerProcess } from '../../server/src/testing/index.ts'
import type { Page } from 'puppeteer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFrom } from '../support/driving/extension-messages.ts'
import { press, says } from '../support/driving/screens.ts'
import { findings } from './axe.ts'
import { APP, CHAT_URL, PASSPHRASE, chatInit, useWorld, type World } from './world.ts'

const NEW_PASSPHRASE = 'eleven kites above the harbour'
const LABEL = 'my very own label for this key'
/** The other browser hears of it by the live socket. */
const LIVE = { interval: 50, timeout: 10_000 }
const NOTES = 'these notes are nobody else’s business'

type Kit = UiResult<'sync.sign_up'>['kit']

describe('two browsers and one server', () => {
  const one = useWorld('keys', { given: ['http://127.0.0.1/*'] })
  const other = useWorld('nothing', { given: ['http://127.0.0.1/*'] })
  let folder: string
  let port: number
  let server: Awaited<ReturnType<typeof startServerProcess>> | null = null
  let kit: Kit
  /** Of the account before it was recovered. */
  let oldKit: Kit

  const origin = (): string => `http://127.0.0.1:${String(port)}`
  const startServer = async (): Promise<void> => {
    server = await startServerProcess({ VALETKEY_DATABASE: join(folder, 'sync.sqlite') }, port)
  }
  const stopServer = async (): Promise<void> => {
    await server?.kill('SIGTERM')
    server = null
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'valetkey-sync-'))
    port = await freePort()
    await startServer()
  })
  afterAll(async () => {
    await stopServer()
    await rm(folder, { recursive: true })
  })

  it('a vault gets an account, and a second browser joins with passphrase and kit', async () => {
    const [mine, theirs] = await windows()
    const made = await askFrom(mine, 'sync.sign_up', { server: origin(), passphrase: PASSPHRASE })
    expect(made.problem).toBeNull()
    kit = made.kit
    expect(kit.server).toBe(origin())
    const { accountId, secretKey } = kit
    await expect(
      askFrom(theirs, 'sync.enrol', {
        ...{ server: origin(), accountId, secretKey },
        passphrase: `${PASSPHRASE} not`,
      }),
    ).rejects.toThrow(/auth\.failed|vault\.unlock_failed/)
    await askFrom(theirs, 'sync.enrol', {
      ...{ server: origin(), accountId, secretKey, passphrase: PASSPHRASE },
    })
    expect(await labels(theirs)).toEqual(await labels(mine))
    expect((await askFrom(theirs, 'sync.get', {})).isFreshnessKnown).toBe(false)
    // The newcomer first: what it has to say is then there for the other, which hears of the rest live.
    for (const page of [theirs, mine]) await askFrom(page, 'sync.now', {})
    await untilInStep(theirs, mine)
    await askFrom(theirs, 'sync.confirm_fresh', {})
    expect((await askFrom(theirs, 'sync.get', {})).isFreshnessKnown).toBe(true)
  })

  it('a key added on one is on the other by the live socket', async () => {
    const [mine, theirs] = await windows()
    await untilLive(mine)
    await untilLive(theirs)
    await addKey(mine, 'openai', one.spareKeys.openai, LABEL)
    await expect.poll(() => labels(theirs), { interval: 25, timeout: 10_000 }).toContain(LABEL)
    await untilInStep(mine, theirs)
  })

  it('edits made on both while the server is away merge, and nothing is lost', async () => {
    const [mine, theirs] = await windows()
    const keyId = await idOf(mine, LABEL)
    await stopServer()
    await askFrom(mine, 'key.update', { keyId, label: LABEL, notes: NOTES, expiresAt: null })
    await askFrom(theirs, 'key.update', {
      ...{ keyId, label: `${LABEL} (2)`, notes: '', expiresAt: null },
    })
    await addKey(theirs, 'groq', other.spareKeys.groq, 'made while away')
    for (const [page, secret] of [
      [mine, one.pageKeys.openai],
      [theirs, one.keys.openai],
    ] as const) {
      expect(await askFrom(page, 'key.replace', { keyId, secret, expiresAt: null })).toMatchObject({
        replaced: true,
      })
    }
    await expect
      .poll(async () => (await askFrom(mine, 'sync.get', {})).problem?.code, { timeout: 10_000 })
      .toBe('provider.network')
    await startServer()
    await untilInStep(mine, theirs)
    for (const page of [mine, theirs]) {
      expect(await keyNamed(page, `${LABEL} (2)`)).toMatchObject({ notes: NOTES })
      expect(await labels(page)).toContain('made while away')
    }
  })

  it('of two secrets saved for one key the later is used, and the other can be taken or removed', async () => {
    const [mine, theirs] = await windows()
    const name = `${LABEL} (2)`
    const keyId = await idOf(mine, name)
    const kept = async (page: Page) => (await keyNamed(page, name))?.kept ?? []
    const [first] = await kept(mine)
    expect(await kept(theirs)).toEqual([first])
    const page = await one.window(`dashboard.html#keys/${keyId}`)
    await says(page, 'Two of your devices saved a key here at the same time.')
    expect(await findings(page)).toEqual([])

    await press(page, 'button', 'Test and use the other')
    await expect.poll(async () => (await kept(theirs))[0]?.id, LIVE).not.toBe(first?.id)
    expect(await kept(theirs)).toHaveLength(1)
    await press(page, 'button', 'Remove the other')
    await expect.poll(() => kept(theirs), LIVE).toEqual([])
    expect(await page.evaluate(() => document.body.innerText)).not.toContain('at the same time')
    await page.close()
  })

  it('C74: a site switched off on one stops on the other, in the middle of an answer', async () => {
    const [mine, theirs] = await windows()
    await other.driver.switchOnSite(APP)
    await untilInStep(mine, theirs)
    await untilLive(mine)
    await untilLive(theirs)
    const valetKey = await other.driver.valetKey(APP, 'openai')
    other.fakes.behave({ text: 'word '.repeat(400), gapMs: 50 })
    const page = await other.emptyPage()
    await page.evaluate(
      async (url, given) => {
        const reader = (await fetch(url, given)).body?.getReader()
        await reader?.read()
      },
      CHAT_URL,
      chatInit(valetKey, { stream: true }),
    )
    const reply = other.fakes.requests[0]?.reply
    expect(reply?.aborted).toBe(false)
    await askFrom(mine, 'site.switch_off', { origin: APP })
    await expect.poll(() => reply?.aborted, { interval: 25, timeout: 10_000 }).toBe(true)
    await page.close()
  })

  it('a removed device reads nothing that is written from then on', async () => {
    const [mine, theirs] = await windows()
    const { devices } = await askFrom(mine, 'device.list', {})
    expect(devices).toHaveLength(2)
    const removed = devices.find(({ isThis }) => !isThis)
    const renewed = await askFrom(mine, 'device.remove', {
      ...{ deviceId: removed?.id ?? '', passphrase: PASSPHRASE, passkeys: [] },
    })
    expect(renewed.kit.secretKey).not.toBe(kit.secretKey)
    kit = renewed.kit
    await addKey(mine, 'anthropic', one.spareKeys.anthropic, 'after the removal')
    await askFrom(mine, 'sync.now', {})
    await expect(askFrom(theirs, 'sync.now', {})).rejects.toThrow('auth.failed')
    expect(await labels(theirs)).not.toContain('after the removal')
    expect((await askFrom(mine, 'device.list', {})).devices).toHaveLength(1)
  })

  it('a new kit is one that the server knows, too', async () => {
    const [mine] = await windows()
    const renewed = await askFrom(mine, 'kit.renew', { passphrase: PASSPHRASE })
    expect(renewed.kit.recoveryKey).not.toBe(kit.recoveryKey)
    expect(renewed.kit.server).toBe(origin())
    kit = renewed.kit
    expect(await askFrom(mine, 'sync.now', {})).toEqual({})
  })

  it('it comes back by pairing: a code, six words on both, and a yes on each', async () => {
    const [mine, theirs] = await windows()
    await askFrom(theirs, 'wallet.erase', { typed: 'erase' })
    const { code } = await askFrom(theirs, 'pairing.begin', { server: origin() })
    expect(await askFrom(mine, 'pairing.claim', { code })).toEqual({ outcome: 'passphrase-needed' })
    await askFrom(mine, 'vault.reauthenticate', { passphrase: PASSPHRASE })
    const step = () => askFrom(theirs, 'pairing.get', {})
    const claiming = askFrom(mine, 'pairing.claim', { code })
    await expect.poll(async () => (await step()).step, { timeout: 20_000 }).toBe('words')
    const claimed = await claiming
    if (claimed.outcome !== 'claimed') throw new Error('the passphrase was just typed')
    expect(claimed.words).toHaveLength(6)
    expect(await step()).toMatchObject({ step: 'words', words: claimed.words })
    await askFrom(mine, 'pairing.confirm', {})
    // The old device alone could be talked to by somebody in between.
    await sleep(4_000)
    expect((await askFrom(theirs, 'pairing.get', {})).step).toBe('words')
    await askFrom(theirs, 'pairing.confirm', {})
    await expect
      .poll(async () => (await askFrom(theirs, 'pairing.get', {})).step, { timeout: 20_000 })
      .toBe('done')
    await untilInStep(mine, theirs)
    expect(await labels(theirs)).toEqual(await labels(mine))
    expect(await labels(theirs)).toContain('after the removal')
    expect((await askFrom(theirs, 'sync.get', {})).isFreshnessKnown).toBe(true)
  })

  it('the server has none of it in plain: no key, no label, no note, no passphrase', async () => {
    const secrets = ['after the removal', LABEL, NOTES, PASSPHRASE, 'made while away']
    secrets.push(...Object.values(one.keys), ...Object.values(one.spareKeys))
    secrets.push(kit.secretKey, kit.recoveryKey)
    const files = await readdir(folder)
    expect(files).toContain('sync.sqlite')
    for (const file of files) {
      const bytes = await readFile(join(folder, file))
      // The search finds what is there.
      if (file === 'sync.sqlite') expect(bytes.includes(kit.accountId)).toBe(true)
      for (const secret of secrets) {
        for (const form of ['utf8', 'utf16le'] as const) {
          expect(bytes.includes(Buffer.from(secret, form)), secret).toBe(false)
        }
        const base64 = Buffer.from(secret).toString('base64url').slice(0, -2)
        expect(bytes.includes(base64), secret).toBe(false)
      }
    }
  })

  it('the kit alone brings the vault to an empty browser, and everything is new', async () => {
    const [mine, theirs] = await windows()
    const before = await labels(mine)
    await askFrom(theirs, 'wallet.erase', { typed: 'erase' })
    const { accountId, recoveryKey } = kit
    const recovered = await askFrom(theirs, 'sync.recover', {
      ...{ server: origin(), accountId, recoveryKey },
      newPassphrase: NEW_PASSPHRASE,
    })
    expect(recovered.kit.secretKey).not.toBe(kit.secretKey)
    expect(await labels(theirs)).toEqual(before)
    await expect(askFrom(mine, 'sync.now', {})).rejects.toThrow('auth.failed')
    oldKit = kit
    kit = recovered.kit
  })

  it('the kit on a device of the vault makes everything new at the server, too', async () => {
    const [, theirs] = await windows()
    await addKey(theirs, 'openai', other.spareKeys.openai, 'not sent yet')
    const before = await labels(theirs)
    const { recoveryKey } = kit
    const recovered = await askFrom(theirs, 'vault.recover', {
      ...{ recoveryKey, newPassphrase: NEW_PASSPHRASE },
    })
    kit = recovered.kit
    expect(kit.server).toBe(origin())
    expect(await labels(theirs)).toEqual(before)
    expect(await askFrom(theirs, 'sync.now', {})).toEqual({})
    expect(await askFrom(theirs, 'sync.get', {})).toMatchObject({ waitingCount: 0, problem: null })
  })

  it('deletes the account, and every device keeps what it has', async () => {
    const [mine, theirs] = await windows()
    const before = await Promise.all([mine, theirs].map(labels))
    await askFrom(theirs, 'sync.delete_account', { passphrase: NEW_PASSPHRASE })
    expect(await askFrom(theirs, 'sync.get', {})).toMatchObject({ server: null })
    await expect(askFrom(mine, 'sync.now', {})).rejects.toThrow('auth.failed')
    expect(await Promise.all([mine, theirs].map(labels))).toEqual(before)
  })

  it('a device that the server lets in no more goes on alone, by the kit it knows', async () => {
    const [mine] = await windows()
    const before = await labels(mine)
    const how = { recoveryKey: oldKit.recoveryKey, newPassphrase: NEW_PASSPHRASE }
    await expect(askFrom(mine, 'vault.recover', how)).rejects.toThrow('auth.failed')
    await askFrom(mine, 'vault.recover', { ...how, alone: true })
    expect(await askFrom(mine, 'sync.get', {})).toMatchObject({ server: null })
    expect(await labels(mine)).toEqual(before)
  })

  function windows(): Promise<[Page, Page]> {
    return Promise.all([windowOf(one), windowOf(other)])
  }
})

/** A window of the extension; the one of before goes on where it is open. */
async function windowOf(world: World): Promise<Page> {
  const pages = await world.driver.browser.pages()
  return (
    pages.find((page) => page.url().endsWith('dashboard.html')) ?? world.window('dashboard.html')
  )
}

async function labels(page: Page): Promise<readonly string[]> {
  const { keys } = await askFrom(page, 'key.list', {})
  return keys.map(({ label }) => label).toSorted()
}

async function keyNamed(page: Page, label: string) {
  const { keys } = await askFrom(page, 'key.list', {})
  return keys.find((key) => key.label === label)
}

async function idOf(page: Page, label: string): Promise<KeyId> {
  const key = await keyNamed(page, label)
  if (!key) throw new Error(`no key is called “${label}”`)
  return key.id
}

async function addKey(
  page: Page,
  provider: ProviderId,
  secret: string,
  label: string,
): Promise<void> {
  await askFrom(page, 'key.add', { provider, secret, label })
}

async function untilLive(page: Page): Promise<void> {
  await expect
    .poll(async () => (await askFrom(page, 'sync.get', {})).isLive, { timeout: 10_000 })
    .toBe(true)
}

async function untilInStep(...pages: readonly Page[]): Promise<void> {
  const states = () => Promise.all(pages.map((page) => askFrom(page, 'sync.get', {})))
  await expect
    .poll(
      async () => {
        const all = await states()
        const isQuiet = all.every((each) => !each.problem && each.waitingCount === 0)
        return isQuiet && new Set(all.map(({ headCode }) => headCode)).size === 1
      },
      { timeout: 20_000 },
    )
    .toBe(true)
}
