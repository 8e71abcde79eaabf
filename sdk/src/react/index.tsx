/** React bindings: one session for a tree of components, rendered on a server as “not connected”. */
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ButtonHTMLAttributes,
  type ReactNode,
} from 'react'
import {
  connect,
  isValetKeyError,
  reconnect,
  walletState,
  type ConnectOptions,
  type GrantUsage,
  type Session,
  type ValetKeyError,
  type WalletState,
} from '../index.ts'
import { INSTALL_URL } from '../install-url.ts'

/** What `useValetKey` gives: the session, and how the app stands with the wallet. */
export interface ValetKey {
  /** Null while there is none. */
  readonly session: Session | null
  /** How the app stands with the wallet; `asking` while the person is asked; `unknown` before it answered. */
  readonly state: WalletState | 'unknown' | 'asking'
  /** Why the last question came to nothing. */
  readonly error: ValetKeyError | null
  /** Asks the person. Call it from a click. Resolves to null where it came to nothing. */
  readonly connect: () => Promise<Session | null>
  /** Gives the grant back. */
  readonly disconnect: () => Promise<void>
}

const Context = createContext<ValetKey | null>(null)

interface ProviderProps {
  /** What is asked for. */
  readonly options?: ConnectOptions
  readonly children?: ReactNode
}

/** Holds the session; a person who comes back has it at once, without a question. */
export function ValetKeyProvider({ options, children }: ProviderProps) {
  const [session, setSession] = useState<Session | null>(null)
  const [state, setState] = useState<ValetKey['state']>('unknown')
  const [error, setError] = useState<ValetKeyError | null>(null)
  // Compared by what it says: an object written in the markup is another one at every render.
  const asked = JSON.stringify(options ?? {})

  useEffect(() => {
    let isCurrent = true
    const wanted = JSON.parse(asked) as ConnectOptions
    reconnect(wanted)
      .then(async (found) => ({ found, now: found ? ('connected' as const) : await walletState() }))
      .then(
        ({ found, now }) => {
          if (!isCurrent) return
          setSession(found)
          setState(now)
        },
        (thrown: unknown) => {
          if (isCurrent) setError(errorOf(thrown))
        },
      )
    return () => {
      isCurrent = false
    }
  }, [asked])

  useEffect(() => {
    if (!session) return undefined
    const stops = [
      session.on('revoked', () => {
        setSession(null)
        setState('not-connected')
      }),
      session.on('locked', () => {
        setState('locked')
      }),
      session.on('paused', () => {
        setState('paused')
      }),
      session.on('resumed', () => {
        setState('connected')
      }),
    ]
    return () => {
      for (const stop of stops) stop()
    }
  }, [session])

  const ask = useCallback(async () => {
    setError(null)
    setState('asking')
    try {
      const made = await connect(JSON.parse(asked) as ConnectOptions)
      setSession(made)
      setState('connected')
      return made
    } catch (thrown) {
      const known = errorOf(thrown)
      setError(known)
      setState(known.code === 'wallet.not_installed' ? 'not-installed' : 'not-connected')
      return null
    }
  }, [asked])

  const disconnect = useCallback(async () => {
    await session?.disconnect()
  }, [session])

  const value = useMemo(
    () => ({ session, state, error, connect: ask, disconnect }),
    [session, state, error, ask, disconnect],
  )
  return <Context.Provider value={value}>{children}</Context.Provider>
}

/** The session of the nearest provider. @throws Error outside a `ValetKeyProvider` */
export function useValetKey(): ValetKey {
  const value = useContext(Context)
  if (!value) throw new Error('useValetKey needs a ValetKeyProvider around it.')
  return value
}

/** What was spent; null before it is known. `refresh` reads it again, after a call of the app. */
export function useUsage(): { readonly usage: GrantUsage | null; readonly refresh: () => void } {
  const { session } = useValetKey()
  const [usage, setUsage] = useState<GrantUsage | null>(null)
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isCurrent = true
    session?.usage().then(
      (read) => {
        if (isCurrent) setUsage(read)
      },
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [session, turn])
  const refresh = useCallback(() => {
    setTurn((before) => before + 1)
  }, [])
  return { usage: session ? usage : null, refresh }
}

const TEXTS: Record<ValetKey['state'], string> = {
  unknown: 'Connect AI',
  'not-connected': 'Connect AI',
  'not-installed': 'Get ValetKey to connect AI',
  asking: 'Answer in the ValetKey window…',
  locked: 'Unlock ValetKey',
  paused: 'ValetKey is paused',
  connected: 'AI connected',
}

interface ConnectButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'onClick'> {
  /** Where it leads without the extension. */
  readonly installUrl?: string
}

/** A plain button with the words of each state; `children` replaces them. */
export function ConnectButton({ children, installUrl = INSTALL_URL, ...rest }: ConnectButtonProps) {
  const { state, connect: ask } = useValetKey()
  const isIdle = state === 'asking' || state === 'connected'
  const press = () => {
    if (isIdle) return
    if (state === 'not-installed') window.open(installUrl, '_blank', 'noopener')
    else void ask()
  }
  return (
    <button
      type="button"
      {...rest}
      aria-busy={state === 'asking'}
      // Not `disabled`, which would take the keyboard's focus from who just pressed it.
      aria-disabled={isIdle}
      data-valetkey={state}
      onClick={press}
    >
      {children ?? TEXTS[state]}
    </button>
  )
}

function errorOf(thrown: unknown): ValetKeyError {
  if (isValetKeyError(thrown)) return thrown
  throw thrown
}
