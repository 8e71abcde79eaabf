/**
 * A wallet for tests: it speaks the wallet's own protocol to the real package, so that an app is tested with
 * nothing of it replaced. No extension, no key, no network.
 */
import type { ConnectedGrant, GrantUsage, SessionStatus } from '../index.ts'

/** One call as the app made it. */
export interface FakeCall {
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  /** Text as it was sent; null where it is none, or no text. */
  readonly body: string | null
}

/** How the fake wallet answers a call. Default: 200 with `{}`. */
export interface FakeReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** The parts of the body, in the order they come. */
  readonly chunks?: readonly string[]
}

/** How the fake wallet, and the person behind it, behave. */
export interface FakeWalletOptions {
  /** What the person says. Default: `allow`. */
  readonly answer?: 'allow' | 'deny' | 'timeout'
  /** Connected before: `reconnect` finds a session. Default: false. */
  readonly isConnected?: boolean
  readonly grant?: Partial<ConnectedGrant>
  readonly usage?: Partial<GrantUsage>
  /** By a part of the address, the first that fits. */
  readonly replies?: Readonly<Record<string, FakeReply>>
}

/** A fake wallet in a page: what it heard, and what it does next. */
export interface FakeWallet {
  /** Every call so far. */
  readonly calls: readonly FakeCall[]
  /** The person does something in the wallet: locks it, pauses the app, takes the grant back. */
  setStatus(status: SessionStatus): void
  /** Answers from now on. */
  reply(address: string, reply: FakeReply): void
  /** Takes it out of the page. */
  remove(): void
}

/**
 * Puts a fake wallet into a page, before the app asks for one. It uses nothing but its arguments, so that its
 * text runs in any page: see {@link fakeWalletScript}.
 * @param page its `window`
 */
export function installFakeWallet(page: Window, options: FakeWalletOptions = {}): FakeWallet {
  const calls: FakeCall[] = []
  const ports: MessagePort[] = []
  const replies: [string, FakeReply][] = Object.entries(options.replies ?? {})
  const isConnectedBefore = options.isConnected ?? false
  let status: SessionStatus = isConnectedBefore ? 'on' : 'none'
  const grant = {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    providers: [{ provider: 'openai', models: 'any', capabilities: ['chat'] }],
    budgets: [{ usd: '5.00', window: 'month' }],
    expiresAt: Date.now() + 30 * 86_400_000,
    ...options.grant,
  }
  const usage = {
    budgets: [{ usd: '5.00', window: 'month', usedUsd: '0.00', heldUsd: '0.00' }],
    total: { calls: 0, inputTokens: 0, outputTokens: 0, usd: '0.00' },
    ...options.usage,
  }
  const refusals = { allow: '', deny: 'grant.denied', timeout: 'grant.consent_timeout' }

  const refuse = (port: MessagePort, callId: unknown, code: string): void => {
    // Without a message: the package has a sentence for each of these.
    port.postMessage({ type: 'call.error', callId, code, retryable: false, requestId: callId })
  }
  const setStatus = (next: SessionStatus): void => {
    status = next
    for (const port of ports) port.postMessage({ type: 'changed', status })
  }
  const connect = (port: MessagePort, callId: unknown, quiet: unknown): void => {
    const refusal =
      status === 'none'
        ? quiet === true
          ? 'grant.missing'
          : refusals[options.answer ?? 'allow']
        : ''
    if (refusal !== '') {
      refuse(port, callId, refusal)
      return
    }
    if (status === 'none') setStatus('on')
    port.postMessage({ type: 'connected', callId, grant })
  }
  const answerCall = async (port: MessagePort, message: Record<string, unknown>): Promise<void> => {
    const { callId, method, url, headers, body } = message
    const { kind, text, blob } = body as { kind: string; text?: string; blob?: Blob }
    const sent = kind === 'text' ? (text ?? '') : kind === 'blob' && blob ? await blob.text() : null
    calls.push({ method, url, headers, body: sent } as FakeCall)
    const found = replies.find(([address]) => String(url).includes(address))?.[1] ?? {}
    const type = { 'content-type': 'application/json', ...found.headers }
    port.postMessage({
      ...{ type: 'call.head', callId, status: found.status ?? 200, statusText: '', url },
      headers: Object.entries(type),
    })
    for (const chunk of found.chunks ?? ['{}']) {
      port.postMessage({ type: 'call.chunk', callId, bytes: new TextEncoder().encode(chunk) })
    }
    port.postMessage({ type: 'call.end', callId })
  }
  const hear = (port: MessagePort, message: Record<string, unknown>): void => {
    const { type, callId, quiet } = message
    if (type === 'hello' || type === 'status') {
      port.postMessage({ type: 'ready', version: 1, site: status })
    } else if (type === 'connect') connect(port, callId, quiet)
    else if (type === 'usage') port.postMessage({ type: 'usage', callId, usage })
    else if (type === 'disconnect') {
      port.postMessage({ type: 'disconnected', callId })
      setStatus('none')
    } else if (type === 'call.start') {
      const refusal = {
        on: '',
        paused: 'grant.paused',
        locked: 'vault.locked',
        none: 'grant.missing',
      }
      if (refusal[status] === '') void answerCall(port, message)
      else refuse(port, callId, refusal[status])
    }
  }
  const take = (event: Event): void => {
    const [port] = (event as MessageEvent).ports
    if (!port) return
    event.preventDefault()
    ports.push(port)
    port.onmessage = ({ data }: MessageEvent<Record<string, unknown>>) => {
      hear(port, data)
    }
  }
  page.addEventListener('valetkey:app', take)
  return {
    calls,
    setStatus,
    reply: (address, reply) => {
      replies.unshift([address, reply])
    },
    remove: () => {
      page.removeEventListener('valetkey:app', take)
      for (const port of ports.splice(0)) port.close()
    },
  }
}

/**
 * The same as a script, for Playwright's `addInitScript` or puppeteer's `evaluateOnNewDocument`. The wallet
 * is then `window.valetkeyFake` of the page.
 */
export function fakeWalletScript(options: FakeWalletOptions = {}): string {
  return `window.valetkeyFake = (${installFakeWallet.toString()})(window, ${JSON.stringify(options)})`
}
