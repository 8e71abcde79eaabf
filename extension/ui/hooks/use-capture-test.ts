import { useEffect, useState } from 'react'
import type { CaptureRequest, KeyTest, WalletError } from '@valetkey/wallet/protocol'
import { request } from '../background-client.ts'
import { askForHosts, holdsHosts } from '../provider-access.ts'
import { useAction } from './use-action.ts'

/** How far the test of a key is that waits to be saved. `no-access`: the browser has to be asked first. */
export type CaptureTest = 'testing' | 'no-access' | 'denied' | 'failed' | KeyTest['outcome']

/** Tests a key by itself, once; and again when it is asked to. */
export function useCaptureTest(
  { id, provider, test }: CaptureRequest,
  isWanted: boolean,
): { readonly state: CaptureTest; readonly error: WalletError | null; readonly test: () => void } {
  const [state, setState] = useState<CaptureTest>(test?.outcome ?? 'testing')
  const { error, run } = useAction()

  const check = async () => {
    setState('testing')
    try {
      setState((await request('capture.check', { id })).test.outcome)
    } catch (thrown) {
      setState('failed')
      throw thrown
    }
  }

  useEffect(() => {
    if (!isWanted || test) return
    run(async () => {
      if (await holdsHosts(provider)) await check()
      else setState('no-access')
    })
    // Once, when the window has what it needs.
  }, [])

  return {
    state,
    error,
    test: () => {
      // Within the click: the browser asks for hosts only inside the gesture.
      const permitted = askForHosts([provider])
      run(async () => {
        if (await permitted) await check()
        else setState('denied')
      })
    },
  }
}
