import { useState } from 'react'
import { askForOrigin } from '../provider-access.ts'
import { readServer } from '../server-address.ts'

/** The address box: what was typed, and the browser's permission to reach it. */
export function useServerAddress() {
  const [typed, setTyped] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [isDenied, setDenied] = useState(false)
  const read = readServer(typed)
  return {
    field: {
      ...{ typed, read, isAsked },
      onType(text: string) {
        setTyped(text)
        setDenied(false)
      },
    },
    isDenied,
    /** Whether there is an address; says what is wrong with it otherwise. */
    isFit: (): boolean => {
      setAsked(true)
      return read.kind === 'fit'
    },
    /** Only within a click. @returns the origin, null: the person said no to the browser */
    async permitted(): Promise<string | null> {
      if (read.kind !== 'fit') return null
      const isGiven = await askForOrigin(read.origin)
      setDenied(!isGiven)
      return isGiven ? read.origin : null
    },
  }
}
