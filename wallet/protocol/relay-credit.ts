/** What one direction of a stream may still send. A reader that stalls so stalls the sender, not a queue. */
export class RelayCredit {
  #left: number
  #isOver = false
  #wake: () => void = () => undefined

  constructor(bytes: number) {
    this.#left = bytes
  }

  grant(bytes: number): void {
    this.#left += bytes
    this.#wake()
  }

  /** Whoever waits gets nothing more. */
  end(): void {
    this.#isOver = true
    this.#wake()
  }

  /** Waits until something may be sent. @returns how much; 0: the stream is over */
  async available(): Promise<number> {
    while (this.#left <= 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#isOver ? 0 : this.#left
  }

  spend(bytes: number): void {
    this.#left -= bytes
  }
}

/** What a reader grants anew. It saves up: a frame for each small piece that was read would cost more than the piece. */
export class RelayReading {
  readonly #everyBytes: number
  #read = 0

  /** @param credit what the sender began with; it never waits for more than this reader has yet to read */
  constructor(credit: number) {
    this.#everyBytes = credit / 4
  }

  /** @returns the bytes to grant now; 0: later */
  add(bytes: number): number {
    this.#read += bytes
    if (this.#read < this.#everyBytes) return 0
    const granted = this.#read
    this.#read = 0
    return granted
  }
}
