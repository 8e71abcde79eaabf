/**
 * Says in time that a key is about to end. The dates are sealed, so a locked vault can tell nothing; what
 * was found while it was open is kept in memory for as long as the browser runs.
 */
import {
  EXPIRY_NOTICE_MS,
  type Clock,
  type KeyId,
  type RecordFields,
} from '@valetkey/wallet/protocol'
import type { OpenVault } from '@valetkey/wallet/vault'
import * as z from 'zod/mini'
import type { SessionMemory } from '../adapters/session-memory.ts'
import type { KeyRemovals } from './key-removals.ts'
import { listKeys } from './key-ring.ts'

const TITLES = { soon: 'a key expires soon', over: 'a key has expired' } as const
type Stage = keyof typeof TITLES

/** What outlives the worker. */
export const reminderStateSchema = z.strictObject({
  /** What the person was called for: key id and stage. */
  called: z.array(z.string()),
  /** The next time a key comes near its end, or to it, Unix ms. */
  next: z.nullable(z.strictObject({ at: z.int(), stage: z.enum(['soon', 'over']) })),
})
export type ReminderState = z.infer<typeof reminderStateSchema>

interface ReminderPorts {
  readonly clock: Clock
  readonly memory: SessionMemory<ReminderState>
  /** Shows the person that something needs them. */
  readonly call: (title: string) => void
}

interface DatedKey {
  readonly id: KeyId
  readonly fields: Pick<RecordFields<'key'>, 'expiresAt' | 'archived'>
}

interface Change {
  readonly at: number
  readonly stage: Stage
  readonly name: string
}

export class ExpiryReminders {
  readonly #ports: ReminderPorts

  constructor(ports: ReminderPorts) {
    this.#ports = ports
  }

  /** Looks at the keys of the open vault. Each calls once as its end comes near, and once at its end. */
  async look(keys: readonly DatedKey[]): Promise<void> {
    const { clock, memory, call } = this.#ports
    const now = clock()
    const changes = keys.flatMap(changesOf).sort((a, b) => a.at - b.at)
    const due = changes.filter(({ at }) => at <= now)
    const next = changes.find(({ at }) => at > now)
    const { called } = await memory.read()
    const fresh = due.filter(({ name }) => !called.includes(name)).at(-1)
    await memory.write({
      called: due.map(({ name }) => name),
      next: next ? { at: next.at, stage: next.stage } : null,
    })
    if (fresh) call(TITLES[fresh.stage])
  }

  /**
   * Run now and then.
   * @param openKeys the keys, null while the vault is locked: then what was found before has to do
   */
  async lookIfDue(openKeys: () => Promise<readonly DatedKey[] | null>): Promise<void> {
    const { clock, memory, call } = this.#ports
    const state = await memory.read()
    if (state.next === null || clock() < state.next.at) return
    const keys = await openKeys()
    if (keys) {
      await this.look(keys)
      return
    }
    await memory.write({ ...state, next: null })
    call(TITLES[state.next.stage])
  }
}

function changesOf({ id, fields: { expiresAt, archived } }: DatedKey): Change[] {
  if (expiresAt === null || archived) return []
  return [
    { at: expiresAt - EXPIRY_NOTICE_MS, stage: 'soon', name: `${id} soon` },
    { at: expiresAt, stage: 'over', name: `${id} over` },
  ]
}

/** Dates of keys may have changed: what is due now, and what will be next? */
export async function remind(
  vault: OpenVault,
  { removals, reminders }: { readonly removals: KeyRemovals; readonly reminders: ExpiryReminders },
): Promise<void> {
  await reminders.look(await listKeys(vault, removals))
}
