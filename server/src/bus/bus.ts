/** What processes tell each other: hints now, relay frames later. Nothing on it is sealed or secret. */
import { EventEmitter } from 'node:events'
import { openNatsBus } from './nats.ts'
import type { Bus } from './port.ts'

/** In memory for one process, NATS for several. */
export async function openBus(nats: string | undefined): Promise<Bus> {
  return nats === undefined ? createMemoryBus() : openNatsBus(nats)
}

function createMemoryBus(): Bus {
  const emitter = new EventEmitter()
  emitter.setMaxListeners(0)
  return {
    publish: (accountId, notice) => {
      emitter.emit(accountId, notice)
    },
    subscribe(accountId, hear) {
      emitter.on(accountId, hear)
      return () => {
        emitter.off(accountId, hear)
      }
    },
    close() {
      emitter.removeAllListeners()
      return Promise.resolve()
    },
  }
}
