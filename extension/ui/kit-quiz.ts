/** The quiz that shows a recovery kit was kept: two parts of it, typed from the paper. */
import type { RecoveryKit } from '@valetkey/wallet/protocol'

/** One part of one key, counted from one as a person counts. */
export interface KitQuestion {
  readonly of: 'secretKey' | 'recoveryKey'
  readonly part: number
  readonly answer: string
}

/**
 * One part of each key.
 * @param chance from 0 up to 1, one for each question
 */
export function askAbout(kit: RecoveryKit, chance: () => number): readonly KitQuestion[] {
  return (['secretKey', 'recoveryKey'] as const).map((of) => {
    const parts = kit[of].split('-').slice(1)
    const index = Math.floor(chance() * parts.length)
    return { of, part: index + 1, answer: parts[index] ?? '' }
  })
}

/** Whether a typed part is the one asked for; case, spaces and look-alikes are forgiven (formats §2). */
export function isAnswer({ answer }: KitQuestion, typed: string): boolean {
  const read = typed
    .replace(/[\s\-\u2010-\u2015\u2212]/g, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  return read !== '' && read === answer
}
