import { NativePromise, listen, unlisten } from './natives.ts'

/** Waits for `work`, and no longer than the page does: then it rejects with the page's own reason. */
export function unlessAborted<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new NativePromise<T>((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error)
    }
    const follow = async (): Promise<void> => {
      await settle(work, resolve, reject)
      unlisten(signal, 'abort', stop)
    }
    listen(signal, 'abort', stop)
    void follow()
  })
}

/** Hands an outcome on without the `then` a page may have replaced. */
async function settle<T>(
  work: T | Promise<T>,
  resolve: (value: T) => void,
  reject: (reason: unknown) => void,
): Promise<void> {
  try {
    resolve(await work)
  } catch (error) {
    reject(error)
  }
}
