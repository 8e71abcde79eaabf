import { useEffect, useState } from 'react'
import { listKeys, makeKey, revokeKey, type ListedKey, type MadeKey } from './key-client.ts'

export interface Keys {
  readonly list: readonly ListedKey[]
  /** The one that was just made; null once its dialog is closed. */
  readonly made: MadeKey | null
  make(name: string): void
  forget(): void
  revoke(id: string): void
}

export function useKeys(): Keys {
  const [list, setList] = useState<readonly ListedKey[]>([])
  const [made, setMade] = useState<MadeKey | null>(null)
  const load = () => void listKeys().then(setList)
  useEffect(load, [])
  return {
    list,
    made,
    make: (name) => {
      void makeKey(name).then(setMade).then(load)
    },
    forget: () => {
      setMade(null)
    },
    revoke: (id) => {
      void revokeKey(id).then(setList)
    },
  }
}

/** Something of the page changes all the time: what it draws is drawn anew four times a second. */
export function useTick(): number {
  const [tick, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => {
      setTick((before) => before + 1)
    }, 250)
    return () => {
      clearInterval(timer)
    }
  }, [])
  return tick
}
