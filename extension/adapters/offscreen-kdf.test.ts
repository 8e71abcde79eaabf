import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Runtime } from './browser.ts'
import { createOffscreenDocument } from './offscreen-document.ts'
import { createOffscreenKdf } from './offscreen-kdf.ts'

const PARAMS = { alg: 'argon2id', v: 19, m: 1024, t: 1, p: 1 } as const
const salt = new Uint8Array(16)
const secret = () => new Uint8Array([1, 2, 3])

/** The KDF, and the background's end of the document it runs in. */
function createKdf() {
  const document = createOffscreenDocument()
  return { derive: createOffscreenKdf(document), attach: document.attach }
}

let documents = { created: 0, closed: 0 }

/** The document's end of a port: it answers every request with `derived`, and remembers what it was sent. */
function documentPort(derived: readonly number[]) {
  const sent: { id: number; passphraseBytes: Uint8Array; seen: number[] }[] = []
  let listener: (message: unknown) => void = () => undefined
  const port = {
    onDisconnect: { addListener: () => undefined },
    onMessage: {
      addListener: (given: typeof listener) => {
        listener = given
      },
    },
    postMessage: (request: { id: number; passphraseBytes: Uint8Array }) => {
      sent.push({ ...request, seen: [...request.passphraseBytes] })
      listener({ id: request.id, ok: true, bytes: new Uint8Array(derived) })
    },
  }
  return { sent, port: port as unknown as Runtime.Port } // what is used of a port here
}

beforeEach(() => {
  vi.useFakeTimers()
  documents = { created: 0, closed: 0 }
  vi.stubGlobal('chrome', {
    runtime: { getContexts: () => Promise.resolve([]) },
    offscreen: {
      createDocument: () => {
        documents.created++
        return Promise.resolve()
      },
      closeDocument: () => {
        documents.closed++
        return Promise.resolve()
      },
    },
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('the passphrase KDF in the offscreen document', () => {
  it('asks the document that connected, closes it, and forgets the passphrase', async () => {
    const kdf = createKdf()
    const { port, sent } = documentPort([9, 9])
    const given = secret()
    const derived = kdf.derive(given, salt, PARAMS)
    await vi.advanceTimersByTimeAsync(1)
    kdf.attach(port)

    expect([...(await derived)]).toEqual([9, 9])
    expect(sent[0]?.seen).toEqual([1, 2, 3])
    expect([...(sent[0]?.passphraseBytes ?? [])]).toEqual([0, 0, 0])
    expect([...given]).toEqual([1, 2, 3])
    expect(documents).toEqual({ created: 1, closed: 1 })
  })

  it('gives up after 15 s on a document that never connects, and the next one works', async () => {
    const kdf = createKdf()
    const refused = expect(kdf.derive(secret(), salt, PARAMS)).rejects.toMatchObject({
      code: 'internal',
    })
    const second = kdf.derive(secret(), salt, PARAMS)
    await vi.advanceTimersByTimeAsync(15_000)
    await refused
    expect(documents.closed).toBe(1)

    await vi.advanceTimersByTimeAsync(1)
    kdf.attach(documentPort([7]).port)
    expect([...(await second)]).toEqual([7])
  })

  it('does not take the late port of a document it gave up on', async () => {
    const kdf = createKdf()
    const late = documentPort([6])
    const refused = expect(kdf.derive(secret(), salt, PARAMS)).rejects.toMatchObject({
      code: 'internal',
    })
    await vi.advanceTimersByTimeAsync(15_000)
    await refused
    kdf.attach(late.port)

    const second = kdf.derive(secret(), salt, PARAMS)
    await vi.advanceTimersByTimeAsync(1)
    kdf.attach(documentPort([7]).port)
    expect([...(await second)]).toEqual([7])
    expect(late.sent).toEqual([])
  })

  it('reports a document that cannot be opened, and the next one works', async () => {
    const kdf = createKdf()
    const open = vi.spyOn(chrome.offscreen, 'createDocument').mockRejectedValueOnce(new Error('no'))
    await expect(kdf.derive(secret(), salt, PARAMS)).rejects.toThrow('no')
    open.mockRestore()

    const second = kdf.derive(secret(), salt, PARAMS)
    await vi.advanceTimersByTimeAsync(1)
    kdf.attach(documentPort([7]).port)
    expect([...(await second)]).toEqual([7])
  })
})
