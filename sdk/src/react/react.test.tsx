import { renderToString } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ConnectButton, ValetKeyProvider, useUsage, useValetKey } from './index.tsx'

function Inside() {
  const { session, state } = useValetKey()
  const { usage } = useUsage()
  return <i>{JSON.stringify([session, state, usage])}</i>
}

describe('on a server', () => {
  it('is rendered as not connected, and asks for nothing', () => {
    const html = renderToString(
      <ValetKeyProvider options={{ reason: 'To answer.' }}>
        <ConnectButton className="wide" />
        <Inside />
      </ValetKeyProvider>,
    )

    expect(html).toContain('class="wide"')
    expect(html).toContain('Connect AI')
    expect(html).toContain('[null,&quot;unknown&quot;,null]')
  })

  it('says where a provider is missing', () => {
    expect(() => renderToString(<Inside />)).toThrow('useValetKey needs a ValetKeyProvider')
  })
})
