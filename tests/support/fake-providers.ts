import type { ProviderId } from '@valetkey/wallet/protocol'
import { answerQuestion, jsonReply } from './fakes/answer.ts'
import { createBehaviourList, echoText, type Behaviour } from './fakes/behaviour.ts'
import { startEmulator, type Emulator } from './fakes/emulator.ts'
import { LiveSockets, type LiveScript, type RecordedSocket } from './fakes/live-sockets.ts'
import { PROVIDER_RULES, type ProviderRules } from './fakes/provider-rules.ts'
import { writeReply, type OutgoingReply, type SentReply } from './fakes/reply-writer.ts'
import { watchKeys, type KeyRing } from './fakes/watch-keys.ts'
import { startTlsFront, type FrontReply, type FrontRequest } from './tls-front.ts'

/** One request a fake got, and what became of the reply. */
export interface RecordedRequest extends FrontRequest {
  readonly at: number
  /** Null at hosts of no provider. */
  readonly provider: ProviderId | null
  /** The registered real key that authenticated it. */
  readonly key: string | null
  readonly valetKeys: readonly string[]
  readonly reply: SentReply
}

export interface FakeProviders {
  readonly port: number
  readonly certificatePem: string
  /** For the driver: every host served here → `127.0.0.1:port`. */
  readonly hostMap: Readonly<Record<string, string>>
  /** What reached the providers, preflights included, in order of arrival. */
  readonly requests: readonly RecordedRequest[]
  /** What reached any other host on this port. */
  readonly attackerRequests: readonly RecordedRequest[]
  /** WebSocket handshakes, in order of arrival. */
  readonly sockets: readonly RecordedSocket[]
  /** What must never happen and did; empty in a good test. */
  readonly violations: readonly string[]
  /** Takes another key of a provider from now on. */
  accept(provider: ProviderId, key: string): void
  /** Takes a key no more. */
  revoke(provider: ProviderId, key: string): void
  /** Whether a valet key may reach a provider (a page without ValetKey sends its own). */
  expectValetKeys(expected: boolean): void
  /** @returns a function that takes the behaviour back */
  behave(behaviour: Behaviour): () => void
  /** What answers on sockets from now on; until then each provider's usual script. */
  answerSockets(script: LiveScript): void
  /** Forgets requests, violations and behaviours. */
  reset(): void
  close(): Promise<void>
}

export interface FakeProvidersOptions {
  readonly keys: KeyRing
  /** Further hosts on this port, of nobody: whatever arrives there is recorded. */
  readonly attackerHosts?: readonly string[]
  /** What the models say to a prompt. */
  readonly says?: (prompt: string) => string
}

const DEFAULT_ANSWER =
  'The valet parks the car, brings it back, and never learns what is in the trunk.'

/**
 * Starts the four providers on loopback under their real names, with aimock behind them. They answer as
 * the real ones do, refuse whatever carries no registered key, and keep a record of every request.
 */
export async function startFakeProviders(options: FakeProvidersOptions): Promise<FakeProviders> {
  const hosts = [
    ...PROVIDER_RULES.map(({ host }) => host),
    ...(options.attackerHosts ?? ['evil.example.test']),
  ]
  let keys = options.keys
  const log: Log = { requests: [], attackerRequests: [], violations: [] }
  const behaviours = createBehaviourList()
  const emulator = await startEmulator()
  let valetKeysExpected = false
  const live = new LiveSockets({
    keys: () => keys,
    note: (violation) => log.violations.push(violation),
    valetKeysExpected: () => valetKeysExpected,
  })

  const front = await startTlsFront(
    hosts,
    async (request, reply) => {
      const rules = PROVIDER_RULES.find(({ host }) => host === request.host) ?? null
      const sighting = watchKeys(request, rules, keys)
      log.violations.push(...sighting.violations)
      if (rules && sighting.valetKeys.length > 0 && !valetKeysExpected) {
        log.violations.push(`valet key at ${rules.host}${request.path.split('?')[0] ?? ''}`)
      }
      const key = rules && authenticate(rules, request, keys)
      const sent: SentReply = { status: 0, writes: 0, bytes: 0, finished: false, aborted: false }
      const recorded: RecordedRequest = {
        ...request,
        at: Date.now(),
        provider: rules?.id ?? null,
        key,
        valetKeys: sighting.valetKeys,
        reply: sent,
      }
      if (!rules) {
        log.attackerRequests.push(recorded)
        await writeReply(reply, attackerReply(request), {}, sent)
        return
      }
      log.requests.push(recorded)
      await answerProvider({ rules, request, key, reply, sent, behaviours, emulator, says })
    },
    (request, line) => {
      live.accept(request, line)
    },
  )
  const says = options.says ?? (() => DEFAULT_ANSWER)

  return {
    port: front.port,
    certificatePem: front.certificatePem,
    hostMap: Object.fromEntries(hosts.map((host) => [host, `127.0.0.1:${front.port}`])),
    ...log,
    sockets: live.recorded,
    accept(provider, key) {
      keys = { ...keys, [provider]: [...(keys[provider] ?? []), key] }
    },
    revoke(provider, key) {
      keys = { ...keys, [provider]: (keys[provider] ?? []).filter((each) => each !== key) }
    },
    expectValetKeys(expected) {
      valetKeysExpected = expected
    },
    behave: (behaviour) => behaviours.add(behaviour),
    answerSockets: (script) => {
      live.answerBy(script)
    },
    reset() {
      log.requests.length = 0
      log.attackerRequests.length = 0
      log.violations.length = 0
      behaviours.clear()
      live.reset()
      valetKeysExpected = false
    },
    async close() {
      await front.close()
      await emulator.close()
    },
  }
}

interface Log {
  readonly requests: RecordedRequest[]
  readonly attackerRequests: RecordedRequest[]
  readonly violations: string[]
}

interface Turn {
  readonly rules: ProviderRules
  readonly request: FrontRequest
  readonly key: string | null
  readonly reply: FrontReply
  readonly sent: SentReply
  readonly behaviours: ReturnType<typeof createBehaviourList>
  readonly emulator: Emulator
  readonly says: (prompt: string) => string
}

async function answerProvider(turn: Turn): Promise<void> {
  const { rules, request, key, reply, sent } = turn
  if (request.method === 'OPTIONS') {
    await writeReply(reply, preflightReply(rules, request), {}, sent)
    return
  }
  const refused = refusal(rules, request, key)
  const behaviour = key === null || refused ? {} : turn.behaviours.take(rules.id, request.path)
  const answer =
    refused ?? (await answerQuestion({ ...turn, key: key ?? '', behaviour }, turn.emulator))
  const echoed = behaviour.echo?.place === 'header' ? behaviour.echo : null
  const headers = {
    ...rules.replyHeaders(),
    ...answer.headers,
    ...corsHeaders(rules, request, answer.status),
    ...(echoed && key !== null ? { 'x-echo': echoText(echoed.form, key) } : {}),
    ...behaviour.headers,
  }
  const pieces = behaviour.echo?.form === 'split' ? { pieceBytes: 16, ...behaviour } : behaviour
  await writeReply(reply, { ...answer, headers }, pieces, sent)
}

function refusal(
  rules: ProviderRules,
  request: FrontRequest,
  key: string | null,
): OutgoingReply | null {
  if (isUndeclaredBrowserCall(rules, request)) {
    const message = "CORS requests must set 'anthropic-dangerous-direct-browser-access' header"
    return jsonReply(401, rules.errorBody(401, message))
  }
  if (key !== null) return null
  const { status, body } = rules.refuseKey(rules.readKey(request))
  return jsonReply(status, body)
}

function isUndeclaredBrowserCall(rules: ProviderRules, request: FrontRequest): boolean {
  return (
    rules.id === 'anthropic' &&
    request.headers['origin'] !== undefined &&
    request.headers['anthropic-dangerous-direct-browser-access'] !== 'true'
  )
}

function authenticate(rules: ProviderRules, request: FrontRequest, keys: KeyRing): string | null {
  const sent = rules.readKey(request)
  return sent !== null && (keys[rules.id] ?? []).includes(sent) ? sent : null
}

function preflightReply(rules: ProviderRules, request: FrontRequest): OutgoingReply {
  const wanted = (request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const allowed = rules.preflightHeaders
  if (allowed && wanted.some((name) => !allowed.includes(name))) {
    return { status: 403, headers: {}, writes: [] }
  }
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': request.headers['origin'] ?? '*',
      'access-control-allow-methods': 'GET, POST, DELETE, PATCH, PUT, OPTIONS',
      'access-control-allow-headers': (allowed ?? wanted).join(', '),
      'access-control-max-age': '600',
      vary: 'origin, access-control-request-headers',
    },
    writes: [],
  }
}

function corsHeaders(
  rules: ProviderRules,
  request: FrontRequest,
  status: number,
): Record<string, string> {
  const origin = request.headers['origin']
  if (origin === undefined || !rules.showsReplyToPages(status)) return {}
  if (isUndeclaredBrowserCall(rules, request)) return {}
  return {
    'access-control-allow-origin': rules.id === 'google' ? origin : '*',
    'access-control-expose-headers': Object.keys(rules.replyHeaders()).join(', '),
    vary: 'origin',
  }
}

/** An attacker's server lets everything in. */
function attackerReply(request: FrontRequest): OutgoingReply {
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'access-control-allow-origin': request.headers['origin'] ?? '*',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      'access-control-allow-methods': '*',
      'access-control-allow-credentials': 'true',
    },
    writes: [Buffer.from('<!doctype html><title>evil</title>')],
  }
}
