/** Which of several wallets over one vault this one is. */
export interface DeviceShare {
  /** From 0. */
  readonly position: number
  /** At least 1. */
  readonly devices: number
}

/** A wallet that is the only one. */
export const WHOLE: DeviceShare = { position: 0, devices: 1 }

/**
 * What one of several wallets may use up of a limit without asking the others. They may not hear of one
 * another for days, so each has a part of its own, and the parts together are the limit (C67).
 * @param limit a whole number of anything: nano-USD, calls, tokens
 */
export function sliceOf(limit: number, { position, devices }: DeviceShare): number {
  const rest = limit % devices
  return (limit - rest) / devices + (position < rest ? 1 : 0)
}
