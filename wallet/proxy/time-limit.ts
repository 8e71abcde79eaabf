import { WalletError } from '../protocol/index.ts'

/**
 * Waits at most that long.
 * @throws `provider.unavailable` when the time is over (C63)
 */
export async function withLimit<T>(waiting: Promise<T>, limitMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new WalletError('provider.unavailable'))
    }, limitMs)
  })
  try {
    return await Promise.race([waiting, limit])
  } finally {
    clearTimeout(timer)
  }
}
