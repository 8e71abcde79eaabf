/**
 * A provider that speaks OpenAI's dialect, built from what is its own: hosts, keys, paths, habits. Its
 * endpoints are read by the shared kinds; one of another shape brings its own readers.
 */
import type { JsonObject } from '../../protocol/index.ts'
import type { CallFacts, Endpoint, Provider } from '../provider.ts'
import {
  DIALECT_KINDS,
  type DialectHabits,
  type DialectKind,
  type DialectKindName,
  type Prepare,
} from './dialect-kinds.ts'
import {
  entryOf,
  readFactsBy,
  type FactsReader,
  type UsageReaderFactory,
} from './endpoint-table.ts'
import { ERROR_SHAPES, type ErrorShapeName } from './error-shapes.ts'
import { judgeByStatus } from './key-check.ts'
import { refused } from './request-fields.ts'
import { isGiven } from './survey.ts'

/** An endpoint that stands elsewhere than its kind does, or is read in another way. */
interface DialectEndpoint {
  readonly kind: DialectKindName
  readonly path: RegExp
  /** The kind's name, if absent. */
  readonly name?: string
  readonly auth?: Endpoint['auth']
  readonly capability?: Endpoint['capability']
  readonly body?: Endpoint['body']
  readonly facts?: FactsReader
  readonly usage?: UsageReaderFactory
  readonly prepare?: Prepare
}

type Stated =
  | 'id'
  | 'name'
  | 'hosts'
  | 'denied'
  | 'keyPatterns'
  | 'envNames'
  | 'valetKeyShapes'
  | 'keyCheck'
  | 'keyPageUrl'
  | 'models'

/** What a provider of the dialect says of itself; the rest is as with OpenAI. */
export interface DialectSpec
  extends
    Pick<Provider, Stated>,
    Partial<
      Pick<
        Provider,
        | 'auth'
        | 'places'
        | 'sockets'
        | 'forwardHeaders'
        | 'requiredHeaders'
        | 'freeModels'
        | 'inputMaxima'
        | 'judgeKeyCheck'
      >
    > {
  /** A pattern of what stands before the kinds, from slash to slash: `/v1/`. */
  readonly base: string
  readonly endpoints: readonly (DialectKindName | DialectEndpoint)[]
  readonly habits?: Partial<DialectHabits>
  /** Models that search the web by themselves: fees by the call, and words that leave (C43). */
  readonly searching?: RegExp
  /** Members of a body nothing here can bound or judge: a list of other models, a job for later (C40). */
  readonly refusedMembers?: readonly string[]
  readonly errors?: ErrorShapeName
}

/** The most tokens an image counts for where a provider does not say: the dearest that any states. */
const IMAGE_TOKENS = 16_384

const HABITS: DialectHabits = { limitName: 'max_tokens', caps: [] }

export function createDialectProvider(spec: DialectSpec): Provider {
  const given = spec.endpoints.map((each) => endpointOf(spec.base, each))
  const facts = Object.fromEntries(given.map(({ endpoint, facts: read }) => [endpoint.name, read]))
  const usage = Object.fromEntries(given.map(({ endpoint, usage: make }) => [endpoint.name, make]))
  const prepares = Object.fromEntries(given.map((each) => [each.endpoint.name, each.prepare]))
  const shape = ERROR_SHAPES[spec.errors ?? 'openai']
  const habits = { ...HABITS, ...spec.habits }
  const { id, name, hosts, denied, keyPatterns, envNames, valetKeyShapes } = spec
  const { keyCheck, keyPageUrl, models } = spec
  return {
    ...{ id, name, hosts, denied, keyPatterns, envNames, valetKeyShapes },
    ...{ keyCheck, keyPageUrl, models },
    ...(spec.places ? { places: spec.places } : {}),
    ...(spec.sockets ? { sockets: spec.sockets } : {}),
    ...(spec.freeModels ? { freeModels: spec.freeModels } : {}),
    auth: spec.auth ?? { header: 'authorization', prefix: 'Bearer ' },
    forwardHeaders: spec.forwardHeaders ?? [],
    requiredHeaders: spec.requiredHeaders ?? {},
    inputMaxima: spec.inputMaxima ?? { imageTokens: IMAGE_TOKENS },
    endpoints: given.map(({ endpoint }) => endpoint),
    readFacts(endpoint, url, body) {
      assertJudgeable(body, spec.refusedMembers ?? [])
      return searchingFacts(readFactsBy(facts, endpoint, { url, body }), spec.searching)
    },
    prepareBody(endpoint, body, { maxOutputTokens }) {
      return (
        prepares[endpoint.name]?.(body, maxOutputTokens, habits) ?? { body, usageAddedByUs: false }
      )
    },
    createUsageReader: (endpoint, sent) => entryOf(usage, endpoint)(sent),
    judgeKeyCheck: spec.judgeKeyCheck ?? judgeByStatus,
    errorBody: shape.body,
    streamError: shape.stream,
  }
}

interface BuiltEndpoint {
  readonly endpoint: Endpoint
  readonly facts: FactsReader
  readonly usage: UsageReaderFactory
  readonly prepare: Prepare | undefined
}

function endpointOf(base: string, given: DialectKindName | DialectEndpoint): BuiltEndpoint {
  const own: Partial<DialectEndpoint> = typeof given === 'string' ? {} : given
  const kindName = typeof given === 'string' ? given : given.kind
  const kind: DialectKind = DIALECT_KINDS[kindName]
  const endpoint: Endpoint = {
    name: own.name ?? kindName,
    method: kind.method,
    path: own.path ?? new RegExp(`^${base}${kind.below}$`),
    capability: own.capability ?? kind.capability,
    body: own.body ?? kind.body,
    ...(own.auth ? { auth: own.auth } : {}),
  }
  return {
    endpoint,
    facts: own.facts ?? kind.facts,
    usage: own.usage ?? kind.usage,
    prepare: own.prepare ?? kind.prepare,
  }
}

/** @throws `request.invalid` for a member that would make another request of the judged one (C40) */
function assertJudgeable(body: JsonObject | null, refusedMembers: readonly string[]): void {
  for (const name of refusedMembers) if (isGiven(body?.[name])) throw refused(name)
}

function searchingFacts(facts: CallFacts, searching: RegExp | undefined): CallFacts {
  if (!searching || facts.model === null || !searching.test(facts.model)) return facts
  return {
    ...facts,
    needs: [...new Set([...facts.needs, 'tools.fetch' as const])],
    unbounded: true,
  }
}
