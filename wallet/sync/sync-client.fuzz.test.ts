import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWalletError, type KeyId, type PushRequest } from '../protocol/index.ts'
import { createSeededRandom, knownKey, readableIn } from '../testing/index.ts'
import { FUZZED_WHOLE, tryInputs } from '../testing/fuzz.ts'
import type { ModelServer } from './__fixtures__/model-server.ts'
import {
  Killed,
  createSyncWorld,
  interrupting,
  type SyncDevice,
} from './__fixtures__/sync-world.ts'

const SCHEDULES = 40
const LONG_SCHEDULES = 10_000

type Step =
  | { readonly kind: 'add' | 'sync' | 'compact' | 'late' | 'away' }
  | { readonly kind: 'edit'; readonly pick: number; readonly field: 'label' | 'notes' }
  | { readonly kind: 'remove'; readonly pick: number }

/** The server lets tombstones go; a push comes once more; a device is not waited for any longer. */
const RARE: readonly Step[] = [{ kind: 'compact' }, { kind: 'late' }, { kind: 'away' }]

const stepArbitrary: fc.Arbitrary<Step & { readonly device: number }> = fc
  .tuple(
    fc.nat(),
    fc.oneof(
      { weight: 1, arbitrary: fc.constant<Step>({ kind: 'add' }) },
      { weight: 6, arbitrary: fc.constant<Step>({ kind: 'sync' }) },
      { weight: 3, arbitrary: fc.constantFrom<Step>(...RARE) },
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('edit' as const),
          pick: fc.nat(),
          field: fc.constantFrom('label', 'notes'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }) },
    ),
  )
  .map(([device, step]) => ({ ...step, device }))

const scheduleArbitrary = fc.record({
  devices: fc.constantFrom(2, 2, 3, 3, 5),
  pageSize: fc.constantFrom(1, 2, 1000),
  seed: fc.string(),
  kill: fc.constantFrom(0, 0.05, 0.2),
  lose: fc.constantFrom(0, 0.1, 0.4),
  steps: fc.array(stepArbitrary, { minLength: 10, maxLength: 60, size: 'max' }),
})

/** What a person did, in the order of the world's one clock: what every device must show at last. */
class Expected {
  readonly #keys = new Map<KeyId, { label: string; notes: string }>()
  readonly #removed = new Set<KeyId>()

  add(id: KeyId, label: string): void {
    this.#keys.set(id, { label, notes: '' })
  }

  edit(id: KeyId, field: 'label' | 'notes', value: string): void {
    const key = this.#keys.get(id)
    if (key) key[field] = value
  }

  remove(id: KeyId): void {
    this.#removed.add(id)
  }

  shown(): unknown {
    return [...this.#keys].filter(([id]) => !this.#removed.has(id)).sort(byId)
  }
}

const byId = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
  left < right ? -1 : 1

describe('devices of one vault', () => {
  it(
    'end with the same records, whatever was lost, late, killed or away: no update lost, nothing back',
    FUZZED_WHOLE,
    async () => {
      await tryInputs(SCHEDULES, fc.asyncProperty(scheduleArbitrary, runSchedule), LONG_SCHEDULES)
    },
  )
})

type Schedule = typeof scheduleArbitrary extends fc.Arbitrary<infer T> ? T : never

async function runSchedule(schedule: Schedule): Promise<void> {
  const { server, devices, clock } = await createSyncWorld(schedule.devices)
  server.pageSize = schedule.pageSize
  const draw = createSeededRandom(schedule.seed)
  const chance = (): number => (draw(1)[0] ?? 0) / 256
  const expected = new Expected()
  for (const device of devices) {
    await change(device, { kind: 'add' }, expected, clock.now())
    clock.advance(1)
  }
  for (const device of [...devices, ...devices]) await device.sync()
  for (const device of devices) device.interrupt = interrupting(chance, schedule)

  for (const step of schedule.steps) {
    clock.advance(1)
    const device = devices[step.device % devices.length]
    if (!device) continue
    if (step.kind === 'sync') await tried(device)
    else if (step.kind === 'compact') server.compact()
    else if (step.kind === 'away') server.acks.delete(device.id)
    else if (step.kind === 'late')
      deliverAgain(server.sent[step.device % server.sent.length], server)
    else await change(device, step, expected, clock.now())
  }

  for (const device of devices) device.interrupt = () => undefined
  for (const device of [...devices, ...devices]) await device.sync()
  const shown = await Promise.all(devices.map(shownBy))
  for (const each of shown) expect(each).toEqual(expected.shown())
  const whole = await Promise.all(devices.map(({ vault }) => readableIn(vault)))
  for (const each of whole) expect(each).toEqual(whole[0])
}

/** A sync that may die or lose its way, and nothing else: never a false alarm. */
async function tried(device: SyncDevice): Promise<void> {
  try {
    await device.sync()
  } catch (error) {
    if (!(error instanceof Killed) && !isWalletError(error, 'provider.network')) throw error
  }
}

function deliverAgain(push: PushRequest | undefined, server: ModelServer): void {
  if (!push) return
  try {
    server.push(push)
  } catch (error) {
    if (!isWalletError(error, 'sync.conflict')) throw error
  }
}

async function change(
  { vault }: SyncDevice,
  step: Step,
  expected: Expected,
  now: number,
): Promise<void> {
  if (step.kind === 'add') {
    const label = `made at ${now}`
    expected.add(await vault.createRecord('key', knownKey(label)), label)
    return
  }
  if (step.kind !== 'edit' && step.kind !== 'remove') return
  const { records } = await vault.listKeys()
  const made = records.filter(({ fields }) => fields.label.includes(' at '))
  const key = made[step.pick % made.length]
  if (!key) return
  if (step.kind === 'remove') {
    await vault.removeRecord(key.id)
    expected.remove(key.id)
  } else {
    const value = `set at ${now}`
    await vault.updateRecord('key', key.id, { [step.field]: value })
    expected.edit(key.id, step.field, value)
  }
}

async function shownBy({ vault }: SyncDevice): Promise<unknown> {
  const { records } = await vault.listKeys()
  return records
    .filter(({ fields }) => fields.label.includes(' at '))
    .map(({ id, fields: { label, notes } }) => [id, { label, notes }] as const)
    .sort(byId)
}
