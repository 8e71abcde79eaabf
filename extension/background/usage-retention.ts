/** How long single usage rows are kept, and their removal when that time is over. */
import type { Ledger } from '@valetkey/wallet/metering'
import type { StoredValue, UsageRetention } from '@valetkey/wallet/protocol'

/** Small enough that no call waits for a batch, and enough of them for a million rows in two hours. */
const BATCH = 500
const BATCHES_AT_ONCE = 20

interface Ports {
  readonly ledger: Pick<Ledger, 'trimRows'>
  readonly kept: StoredValue<UsageRetention>
}

export class UsageTrimming {
  readonly #ports: Ports

  constructor(ports: Ports) {
    this.#ports = ports
  }

  read(): Promise<UsageRetention> {
    return this.#ports.kept.read()
  }

  async choose(retention: UsageRetention): Promise<void> {
    await this.#ports.kept.write(retention)
    await this.trim()
  }

  /** Run at every start of the worker and every minute: some of what is too old goes each time. */
  async trim(): Promise<void> {
    const { keepDays } = await this.read()
    if (keepDays === null) return
    for (let batch = 0; batch < BATCHES_AT_ONCE; batch++) {
      if ((await this.#ports.ledger.trimRows(keepDays, BATCH)) < BATCH) return
    }
  }
}
