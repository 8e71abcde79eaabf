import { useEffect, useState } from 'react'

/** Whole seconds until a moment, counted down; 0 from then on. */
export function useSecondsLeft(until: number): number {
  const [left, setLeft] = useState(() => secondsLeft(until))

  useEffect(() => {
    const timer = setInterval(() => {
      setLeft(secondsLeft(until))
    }, 250)
    return () => {
      clearInterval(timer)
    }
  }, [until])

  return left
}

function secondsLeft(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000))
}
