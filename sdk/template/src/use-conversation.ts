import { useCallback, useRef, useState } from 'react'
import { isValetKeyError, type Session } from 'valetkey'
import type { Model } from './models.ts'

export type Turn = {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** What went wrong, and what the person can do about it. */
export interface Trouble {
  readonly code: string
  readonly message: string
  readonly action: string
}

const SYSTEM = { role: 'system', content: 'You write short and plain.' } as const

/** The turns of a talk, the running answer as its last one. */
export function useConversation(onAnswered: () => void) {
  const [turns, setTurns] = useState<readonly Turn[]>([])
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const [isWriting, setIsWriting] = useState(false)
  const running = useRef<AbortController>(null)

  const ask = useCallback(
    async (session: Session, model: Model, asked: readonly Turn[]) => {
      const controller = new AbortController()
      running.current = controller
      let content = ''
      const show = () => {
        setTurns(content === '' ? asked : [...asked, { role: 'assistant', content }])
      }
      show()
      setTrouble(null)
      setIsWriting(true)
      try {
        const stream = await session.chat(
          { model, messages: [SYSTEM, ...asked], stream: true },
          { signal: controller.signal },
        )
        for await (const chunk of stream) {
          content += chunk.choices[0]?.delta.content ?? ''
          show()
        }
      } catch (thrown) {
        if (!controller.signal.aborted) setTrouble(troubleOf(thrown))
      } finally {
        running.current = null
        setIsWriting(false)
        onAnswered()
      }
    },
    [onAnswered],
  )
  const stop = useCallback(() => running.current?.abort(), [])
  const clear = useCallback(() => {
    running.current?.abort()
    setTurns([])
    setTrouble(null)
  }, [])
  return { turns, trouble, isWriting, ask, stop, clear }
}

/** The wallet says to a person what happened: its words are shown as they are. */
export function troubleOf(thrown: unknown): Trouble {
  if (isValetKeyError(thrown)) {
    const { code, message, action, details } = thrown
    const said = typeof details?.message === 'string' ? details.message : ''
    return {
      code,
      message: said === '' ? message : `${message} The provider says: ${said}`,
      action,
    }
  }
  return {
    code: 'network',
    message: 'The connection was lost.',
    action: 'Check that you are online, then try again.',
  }
}
