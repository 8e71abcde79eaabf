/** One value that outlives the process, no secret: readable while locked. */
export interface StoredValue<T> {
  read(): Promise<T>
  write(value: T): Promise<void>
}
