/** Everything an operator may set, read from the environment by one schema. */
import * as z from 'zod'

const wholeNumber = z.coerce.number().int().nonnegative()

const environmentSchema = z.object({
  VALETKEY_HOST: z.string().default('127.0.0.1'),
  VALETKEY_PORT: wholeNumber.max(65_535).default(8787),
  /** The address clients know this server by. Signatures are made for it: a wrong one refuses everybody. */
  VALETKEY_ORIGIN: z
    .url({ protocol: /^https?$/ })
    .transform((text) => new URL(text).origin)
    .optional(),
  /** A file, or the address of a PostgreSQL database. */
  VALETKEY_DATABASE: z.string().min(1).default('valetkey.sqlite'),
  /** Needed as soon as there is more than one process. */
  VALETKEY_NATS: z.string().startsWith('nats://').optional(),
  VALETKEY_LOG: z.enum(['silent', 'error', 'warn', 'info']).default('info'),
  /** `1` behind a proxy that sets X-Forwarded-For. */
  VALETKEY_TRUST_PROXY: z.enum(['0', '1']).default('0'),
  VALETKEY_REGISTRATION: z.enum(['open', 'closed']).default('open'),
  /** Without one there is no /metrics. */
  VALETKEY_METRICS_TOKEN: z.string().min(16).optional(),
  VALETKEY_USAGE_DAYS: wholeNumber.min(1).default(90),
  VALETKEY_PUSHES_PER_MINUTE: wholeNumber.min(1).default(60),
  VALETKEY_REQUESTS_PER_MINUTE: wholeNumber.min(1).default(600),
  /** Calls without a session (sign in, sign up, pairing), from one address. */
  VALETKEY_GUESTS_PER_MINUTE: wholeNumber.min(1).default(60),
})

export interface Config {
  readonly host: string
  readonly port: number
  readonly origin: string
  readonly database: string
  readonly nats: string | undefined
  readonly log: 'silent' | 'error' | 'warn' | 'info'
  readonly trustProxy: boolean
  readonly registration: 'open' | 'closed'
  readonly metricsToken: string | undefined
  readonly usageDays: number
  readonly perMinute: {
    readonly pushes: number
    readonly requests: number
    readonly guests: number
  }
}

/** @throws Error that names each variable that is wrong, and never its value: some hold a password */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const wrong = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))]
    throw new Error(`These settings are not usable: ${wrong.join(', ')}`)
  }
  const set = parsed.data
  return {
    host: set.VALETKEY_HOST,
    port: set.VALETKEY_PORT,
    origin: set.VALETKEY_ORIGIN ?? `http://${set.VALETKEY_HOST}:${set.VALETKEY_PORT}`,
    database: set.VALETKEY_DATABASE,
    nats: set.VALETKEY_NATS,
    log: set.VALETKEY_LOG,
    trustProxy: set.VALETKEY_TRUST_PROXY === '1',
    registration: set.VALETKEY_REGISTRATION,
    metricsToken: set.VALETKEY_METRICS_TOKEN,
    usageDays: set.VALETKEY_USAGE_DAYS,
    perMinute: {
      pushes: set.VALETKEY_PUSHES_PER_MINUTE,
      requests: set.VALETKEY_REQUESTS_PER_MINUTE,
      guests: set.VALETKEY_GUESTS_PER_MINUTE,
    },
  }
}
