/** What people, networks and clocks do to the devices of one account, in one order. */
import { fc } from '@valetkey/wallet/testing/fuzz'
import type { Field } from './model.ts'
import type { Rates } from './network.ts'

interface Plain<K extends string> {
  readonly device: number
  readonly kind: K
}

/** What a person does with the vault on a device. */
export type WriteStep =
  | Plain<'add'>
  | (Plain<'edit'> & { readonly pick: number; readonly field: Field })
  | (Plain<'remove'> & { readonly pick: number })
  | (Plain<'grant'> & { readonly status: 'active' | 'paused' | 'revoked' })

/** Another passphrase; another epoch; another epoch without one of the devices. */
export type CredentialsStep = Plain<'passphrase' | 'rotate' | 'expel'> & {
  /** Which device is to go. */
  readonly pick: number
  /** Which one writes and syncs at the same moment. */
  readonly rival: number | null
}

/**
 * One device does one thing, or one thing happens to it. `call`: an app’s call that costs so much. `budget`: the person
 * sets what apps may spend. `race`: two sync at once. `cut`: its network is gone, or back. `crash`: its worker ends. `away`: it is not heard of for half a year, and the others go on; they may remove a key. `late`: a message that was held back arrives.
 */
export type Step =
  | WriteStep
  | CredentialsStep
  | Plain<'sync'>
  | (Plain<'call' | 'budget'> & { readonly cents: number })
  | (Plain<'race'> & { readonly other: number })
  | Plain<'cut'>
  | Plain<'crash'>
  | (Plain<'away'> & { readonly pick: number | null })
  | (Plain<'late'> & { readonly isOldest: boolean })

export interface Schedule {
  readonly devices: number
  readonly pageSize: number | null
  /** Of all that is left to chance. */
  readonly seed: string
  /** How often a worker dies at a step that waits: 0 to 1. */
  readonly kill: number
  readonly rates: Rates
  /** Whether each clock is up to two minutes wrong. */
  readonly isSkewed: boolean
  readonly steps: readonly Step[]
}

const plain = <K extends string>(kind: K): fc.Arbitrary<Plain<K>> =>
  fc.record({ device: fc.nat(), kind: fc.constant(kind) })

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 16, arbitrary: plain('sync') },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('race' as const), other: fc.nat() },
    }),
  },
  { weight: 4, arbitrary: plain('add') },
  {
    weight: 14,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('edit' as const), pick: fc.nat() },
      field: fc.constantFrom<Field>('label', 'notes', 'secret'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('remove' as const), pick: fc.nat() },
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('grant' as const) },
      status: fc.constantFrom('active', 'paused', 'active', 'paused', 'revoked'),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('call' as const) },
      cents: fc.integer({ min: 1, max: 150 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('budget' as const) },
      cents: fc.integer({ min: 100, max: 900 }),
    }),
  },
  { weight: 2, arbitrary: plain('cut') },
  { weight: 2, arbitrary: plain('crash') },
  {
    weight: 2,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('away' as const), pick: fc.option(fc.nat()) },
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{ device: fc.nat(), pick: fc.nat(), rival: fc.option(fc.nat()) },
      kind: fc.constantFrom('passphrase', 'rotate', 'expel'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ device: fc.nat(), kind: fc.constant('late' as const), isOldest: fc.boolean() },
    }),
  },
)

export const schedulesOf = (devices: number): fc.Arbitrary<Schedule> =>
  fc.record({
    devices: fc.constant(devices),
    pageSize: fc.constantFrom(1, 3, null),
    seed: fc.string(),
    kill: fc.constantFrom(0, 0, 0.005, 0.015),
    rates: fc.record({
      lose: fc.constantFrom(0, 0.05, 0.2),
      late: fc.constantFrom(0, 0.05, 0.3),
      double: fc.constantFrom(0, 0.1),
    }),
    isSkewed: fc.constantFrom(false, false, true),
    steps: fc.array(step, { minLength: 15, maxLength: 50, size: 'max' }),
  })
