/**
 * The code on show, kept in the history entry of its window: a reload shows it again, and it is gone with
 * the window. It is no secret: without the six words it lets nobody in.
 */
export interface KeptCode {
  readonly code: string
  readonly expiresAt: number
}

/** Reads what {@link keepCode} wrote, out of whatever the history entry holds. */
export function readKeptCode(state: unknown): KeptCode | null {
  if (typeof state !== 'object' || state === null) return null
  const { code, expiresAt } = state as Partial<Record<keyof KeptCode, unknown>>
  return typeof code === 'string' && typeof expiresAt === 'number' ? { code, expiresAt } : null
}

/** Null: forgets it. */
export function keepCode(kept: KeptCode | null): void {
  history.replaceState(kept, '')
}
