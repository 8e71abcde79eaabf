/** Says things to the bridge on a port of the page's own, as a page can that knows how. */
import { APP, CHAT_URL, type World } from '../e2e/world.ts'
import type { Place } from './attempt.ts'

/** What came back on the port; bytes are left out. */
interface Said {
  readonly type: string
  readonly status?: number
  readonly headers?: [string, string][]
  readonly bytes?: unknown
}

/** A well-formed call, as the shim would post it, with a site's valet key. */
export async function callStart(world: World, of = APP): Promise<object> {
  const valetKey = await world.driver.valetKey(of, 'openai')
  const text = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] })
  return {
    type: 'call.start',
    callId: crypto.randomUUID(),
    method: 'POST',
    url: CHAT_URL,
    headers: [['content-type', 'application/json']],
    body: { kind: 'text', text },
    valetKey,
  }
}

/** Status and code of each reply in which the wallet refused a call. */
export function refusals(replies: readonly Said[]): string[] {
  return replies.flatMap(({ status, headers }) => {
    const code = new Map(headers).get('x-valetkey-error')
    return code === undefined ? [] : [`${String(status)} ${code}`]
  })
}

/**
 * Offers a port of the page's own by the shim's event, and says these things on it: objects as they
 * are, text as the page's own parser reads it; `settled` waits for the call before.
 * @param ends how many calls come to an end; 0 waits a while and hears what comes
 */
export function talk(
  place: Place,
  messages: readonly (object | string)[],
  ends: number,
): Promise<{ taken: boolean; replies: Said[] }> {
  return place.evaluate(
    async (toSay, expected) => {
      const { port1, port2 } = new MessageChannel()
      const replies: Said[] = []
      const ended = () => replies.filter(({ type }) => /call\.(end|error|pass)/.test(type)).length
      const wait = async (count: number) => {
        for (let turn = 0; turn < 100 && (turn < 10 || ended() < count); turn++) {
          await new Promise((resolve) => setTimeout(resolve, 50))
          if (count === 0 && turn > 20) return
        }
      }
      port1.onmessage = ({ data }: MessageEvent<Said>) => {
        replies.push({ ...data, bytes: undefined })
      }
      const offer = new MessageEvent('valetkey:port', { ports: [port2], cancelable: true })
      const taken = !window.dispatchEvent(offer)
      for (const message of toSay) {
        if (message === 'settled') await wait(1)
        else port1.postMessage(typeof message === 'string' ? JSON.parse(message) : message)
      }
      await wait(expected)
      return { taken, replies }
    },
    messages,
    ends,
  )
}
