/** What happened in all schedules: a schedule to which nothing happens shows nothing. */
export class Tally {
  readonly #counts = new Map<string, number>()

  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0
  }

  toString(): string {
    const all = [...this.#counts].sort(([left], [right]) => (left < right ? -1 : 1))
    return all.map(([what, count]) => `${what} ${count}`).join(', ')
  }
}
