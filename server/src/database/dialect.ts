/** What the two databases call the same thing. */
export interface Dialect {
  readonly bytes: 'blob' | 'bytea'
  readonly integer: 'integer' | 'bigint'
}
