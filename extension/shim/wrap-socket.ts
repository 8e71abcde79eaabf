import { defineProperty, wrap } from './natives.ts'

export type SocketClass = typeof WebSocket
type Construct = (
  native: SocketClass,
  args: ConstructorParameters<SocketClass>,
  newTarget: SocketClass,
) => object

/** Replaces `scope.WebSocket`: constants, prototype and source text stay, and so does `instanceof`. */
export function wrapSocket(scope: { WebSocket: SocketClass }, construct: Construct): void {
  const value = wrap(scope, 'WebSocket', 'value', { construct })
  if (!value) return
  defineProperty(value.prototype, 'constructor', { value, configurable: true, writable: true })
}
