/** A process that was killed says nothing more: each end of a call shows the other that it lives. */
import type { CallBus } from '../bus/port.ts'

const PULSE_MS = 5000
/** Pulses of the other end that may be missing. */
const SILENT_PULSES = 3
const PULSE = Uint8Array.of(0)

interface Watched {
  readonly to: string
  /** Pulses of ours since the other end said something. */
  silent: number
  readonly onLost: () => void
}

export interface Pulses {
  /** Watches the other end of a call. @returns what is told of each message, and what ends the watch */
  readonly watch: (to: string, onLost: () => void) => { heard: () => void; end: () => void }
  readonly close: () => void
}

export function isPulse(bytes: Uint8Array): boolean {
  return bytes.length === 1
}

export function createPulses(bus: CallBus): Pulses {
  const watched = new Set<Watched>()
  const timer = setInterval(() => {
    for (const each of [...watched]) {
      each.silent += 1
      if (each.silent > SILENT_PULSES) each.onLost()
      else bus.send(each.to, PULSE)
    }
  }, PULSE_MS)
  timer.unref()
  return {
    watch(to, onLost) {
      const one: Watched = { to, silent: 0, onLost }
      watched.add(one)
      return {
        heard() {
          one.silent = 0
        },
        end() {
          watched.delete(one)
        },
      }
    },
    close() {
      clearInterval(timer)
    },
  }
}
