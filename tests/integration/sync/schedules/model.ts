/**
 * What all devices must show at last, from what people did and what the server took, by the rules of
 * formats §4 alone: a field is what was written last, and a write in sight of another one comes after it;
 * who deletes wins; a revoked grant stays revoked.
 */
import type { DeviceId } from '@valetkey/wallet/protocol'

export type Field = 'label' | 'notes' | 'secret'
export type Shown = Readonly<Record<Field, string>>

interface Write {
  /** In the order of the world's one clock. */
  readonly at: number
  readonly by: DeviceId
  /** Of a key; none for the status of the grant. */
  readonly id: string
  readonly what:
    | { readonly kind: 'set'; readonly field: Field; readonly value: string; readonly over: string }
    | { readonly kind: 'remove' }
    | { readonly kind: 'grant'; readonly status: string }
}

/** What a device may show in a field: one value where all clocks are right, else any that nobody overwrote. */
export type Allowed = ReadonlyMap<string, Readonly<Record<Field, ReadonlySet<string>>>>

export class Model {
  readonly #writes: Write[] = []
  /** How many of a device's writes are in a push, by the push's head. */
  readonly #inPush = new Map<string, { readonly by: DeviceId; readonly count: number }>()
  /** How many of a device's writes the server took. */
  readonly #taken = new Map<DeviceId, number>()
  readonly #removedAt = new Map<DeviceId, number>()
  #now = 0

  /** @param before what the device showed in the fields that are written */
  set(by: DeviceId, id: string, fields: Partial<Shown>, before: Partial<Shown>): void {
    this.#now += 1
    for (const field of ['label', 'notes', 'secret'] as const) {
      const value = fields[field]
      if (value === undefined) continue
      const over = before[field] ?? ''
      this.#writes.push({ at: this.#now, by, id, what: { kind: 'set', field, value, over } })
    }
  }

  remove(by: DeviceId, id: string): void {
    this.#now += 1
    this.#writes.push({ at: this.#now, by, id, what: { kind: 'remove' } })
  }

  setStatus(by: DeviceId, status: string): void {
    this.#now += 1
    this.#writes.push({ at: this.#now, by, id: '', what: { kind: 'grant', status } })
  }

  /** A device put all it had written so far into a push. */
  wroteDown(by: DeviceId, head: string): void {
    if (!this.#inPush.has(head)) this.#inPush.set(head, { by, count: this.#countOf(by) })
  }

  /** The server took a push. */
  took(head: string): void {
    const push = this.#inPush.get(head)
    if (!push) throw new Error('a push was taken that nobody made')
    const { by, count } = push
    if (this.#removedAt.has(by)) throw new Error('a removed device’s push was taken')
    this.#taken.set(by, Math.max(count, this.#taken.get(by) ?? 0))
  }

  /** The server took a device off the list. */
  expelled(device: DeviceId): void {
    if (!this.#removedAt.has(device)) this.#removedAt.set(device, this.#now)
  }

  isRemoved(device: DeviceId): boolean {
    return this.#removedAt.has(device)
  }

  /** What others wrote since this device was removed. */
  newerThan(device: DeviceId): ReadonlySet<string> {
    const end = this.#removedAt.get(device) ?? this.#now
    const later = this.#writes.filter(({ at, by }) => at > end && by !== device)
    return new Set(later.flatMap(({ what }) => (what.kind === 'set' ? [what.value] : [])))
  }

  /** @param isExact whether all clocks are right: then the last write is the one */
  allowed(isExact: boolean): Allowed {
    const fates = this.#shared()
    const removed = new Set(fates.flatMap(({ id, what }) => (what.kind === 'remove' ? [id] : [])))
    const records = new Map<string, Record<Field, ReadonlySet<string>>>()
    for (const { id, what } of fates) {
      if (what.kind !== 'set' || removed.has(id)) continue
      const fields = records.get(id) ?? { label: NONE, notes: NONE, secret: NONE }
      const rest = isExact ? [] : [...fields[what.field]].filter((value) => value !== what.over)
      fields[what.field] = new Set([...rest, what.value])
      records.set(id, fields)
    }
    return records
  }

  /** What the status of the grant may be. */
  allowedStatus(first: string, isExact: boolean): ReadonlySet<string> {
    const written = this.#shared().flatMap(({ what }) =>
      what.kind === 'grant' ? [what.status] : [],
    )
    if (written.includes('revoked')) return new Set(['revoked'])
    const all = [first, ...written]
    return new Set(isExact ? all.slice(-1) : all)
  }

  /** Every write but those that a device took with it when it was removed. */
  #shared(): readonly Write[] {
    const counts = new Map<DeviceId, number>()
    return this.#writes.filter(({ by }) => {
      const nth = (counts.get(by) ?? 0) + 1
      counts.set(by, nth)
      return !this.#removedAt.has(by) || nth <= (this.#taken.get(by) ?? 0)
    })
  }

  #countOf(device: DeviceId): number {
    return this.#writes.filter(({ by }) => by === device).length
  }
}

const NONE: ReadonlySet<string> = new Set()
