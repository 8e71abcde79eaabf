import { Channel } from '../channel.ts'
import type { Fetch } from '../page-request.ts'
import { patchFetch } from '../patch-fetch.ts'
import { MemoryBackground, anyValetKey } from './background.ts'

export const URL_TEXT = 'https://api.example.test/v1/chat'
export const key = anyValetKey()
export const headers = { authorization: `Bearer ${key}` }

/** A page whose `fetch` is the shim's, and the background behind it. */
export class PatchedPage {
  readonly background: MemoryBackground = new MemoryBackground().arrive()
  fetch: Fetch

  /** @param native the browser's own, beneath it */
  constructor(native: Fetch = () => Promise.resolve(new Response('native'))) {
    this.fetch = native
    patchFetch(this, new Channel(this.background.target))
  }

  /** Calls `fetch` and waits for the call to reach the background. */
  async started(input: RequestInfo | URL, init?: RequestInit) {
    const reply = this.fetch(input, init)
    reply.catch(() => undefined)
    await this.background.heard('call.start')
    const [start] = this.background.of('call.start')
    if (!start) throw new TypeError('no call')
    return { reply, start }
  }
}
