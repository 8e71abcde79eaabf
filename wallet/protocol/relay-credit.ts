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
