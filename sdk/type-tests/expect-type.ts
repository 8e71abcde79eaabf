/** True for the same type, and not for one that is merely assignable: `any` is the same as `any` alone. */
type Same<A, B> = [Boxed<A>, Boxed<B>] extends [Boxed<B>, Boxed<A>]
  ? [IsAny<A>, IsAny<B>] extends [IsAny<B>, IsAny<A>]
    ? true
    : false
  : false
/** In both places of a function, so that neither side may be the wider one. */
type Boxed<T> = (value: T) => T
type IsAny<T> = 0 extends 1 & T ? true : false

/** Compiles where `A` is exactly `B`. */
export function expectType<A>() {
  return {
    is: <B>(...difference: Same<A, B> extends true ? [] : ['is not', B]): number =>
      difference.length,
  }
}
