/** Grants as a file says them: what each client may do, checked whole before any of it is taken over. */
import { readFileSync, statSync } from 'node:fs'
import { defaultTerms } from '@valetkey/wallet/grants'
import {
  budgetWindowSchema,
  capabilitySchema,
  parseJson,
  providerIdSchema,
  termsSchema,
  usdSchema,
  type KeyId,
  type Terms,
} from '@valetkey/wallet/protocol'
import type { ListedKey } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import { AgentError } from './agent-error.ts'
import { assertClientName } from './clients.ts'
import { findKey } from './provider-keys.ts'

const LIMIT_BYTES = 256 * 1024
const OTHERS_WRITE = 0o022

const count = z.int().check(z.positive())
const counted = z.array(z.strictObject({ count, window: budgetWindowSchema }))

const clientSchema = z.strictObject({
  providers: z
    .array(
      z.strictObject({
        provider: providerIdSchema,
        /** Labels or ids; absent: every key of the provider. */
        keys: z.optional(z.array(z.string()).check(z.minLength(1))),
        /** Names, `*` for any run of characters; absent: any model. */
        models: z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(200)))),
        /** Absent: chat. */
        capabilities: z.optional(z.array(capabilitySchema)),
      }),
    )
    .check(z.minLength(1)),
  // Presence is authority: a client without a budget is one that nobody thought about.
  budgets: z
    .array(z.strictObject({ usd: usdSchema, window: budgetWindowSchema }))
    .check(z.minLength(1)),
  requests: z.optional(counted),
  tokens: z.optional(counted),
  limits: z.optional(
    z.strictObject({
      perMinute: z.optional(count),
      parallel: z.optional(count),
      maxOutputTokens: z.optional(count),
    }),
  ),
  askAbove: z.optional(usdSchema),
  askAlways: z.optional(z.boolean()),
  /** The last day, UTC. */
  until: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
})
const policySchema = z.strictObject({
  schema: z.literal(1),
  clients: z.record(z.string(), clientSchema),
})
type ClientPolicy = z.infer<typeof clientSchema>

/**
 * The terms of each client a policy file names.
 * @param now Unix ms
 * @throws AgentError that says where the file is wrong, and what belongs there
 */
export function readPolicy(
  path: string,
  keys: readonly ListedKey[],
  now: number,
): ReadonlyMap<string, Terms> {
  const parsed = policySchema.safeParse(parseJson(readPolicyText(path)))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${placeOf(issue.path)}: ${wordsFor(issue)}`)
    throw new AgentError(`${path} is no policy. ${lines.join(';').trim()}`)
  }
  return new Map(
    Object.entries(parsed.data.clients).map(([name, client]) => {
      assertClientName(name)
      return [name, termsOf(name, client, { keys, now })]
    }),
  )
}

function readPolicyText(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isFile() || stats.size > LIMIT_BYTES) {
    throw new AgentError(`There is no policy file ${path}.`)
  }
  // Who may write it may give themselves a budget.
  if (process.getuid !== undefined && (stats.mode & OTHERS_WRITE) !== 0) {
    throw new AgentError(`Others on this computer can change ${path}. Run: chmod go-w ${path}`)
  }
  return readFileSync(path, 'utf8')
}

interface Around {
  readonly keys: readonly ListedKey[]
  readonly now: number
}

function termsOf(name: string, client: ClientPolicy, { keys, now }: Around): Terms {
  const { providers, budgets, requests, tokens, limits, askAbove, askAlways, until } = client
  const usual = defaultTerms({ now, keys: [] })
  const expiresAt = Date.parse(`${until}T23:59:59.999Z`)
  if (Number.isNaN(expiresAt)) throw new AgentError(`clients.${name}.until is no day.`)
  const terms = {
    ...usual,
    ...{ budgets, requests, tokens, askAbove, askAlways, expiresAt },
    providers: providers.map((entry) => ({
      provider: entry.provider,
      keys: { pool: keyIdsOf(name, entry, keys) },
      models: entry.models ?? ('any' as const),
      capabilities: entry.capabilities ?? ['chat' as const],
    })),
    limits: { ...usual.limits, ...limits },
  }
  // Members that are not said are not there at all.
  const said = Object.entries(terms).filter(([, value]) => value !== undefined)
  return termsSchema.parse(Object.fromEntries(said))
}

function keyIdsOf(
  name: string,
  { provider, keys: words }: ClientPolicy['providers'][number],
  keys: readonly ListedKey[],
): KeyId[] {
  const usable = keys.filter(({ fields }) => fields.provider === provider && !fields.archived)
  const chosen = words === undefined ? usable : words.map((word) => findKey(usable, word))
  if (chosen.length === 0) throw new AgentError(`clients.${name}: there is no key of ${provider}.`)
  return chosen.map(({ id }) => id)
}

function placeOf(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
  return text.replace(/^\./, '') || 'the file'
}

function wordsFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `nothing is called ${issue.keys.join(', ')} here`
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')} belongs here`
    case 'invalid_type':
      return `${issue.expected} belongs here`
    case 'too_small':
      return 'there is too little here'
    case 'too_big':
      return 'there is too much here'
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_union':
    case 'not_multiple_of':
      return 'this is not of the form it should have'
  }
}
