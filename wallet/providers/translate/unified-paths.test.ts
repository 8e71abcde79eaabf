import { expect, it } from 'vitest'
import { PROVIDER_IDS } from '../../protocol/index.ts'
import { matchEndpoint, placeProvider, providerById } from '../index.ts'
import { UNIFIED_WAYS } from './unified-paths.ts'

const DIALECTS = PROVIDER_IDS.filter((id) => UNIFIED_WAYS[id].kind === 'dialect')

it.each(DIALECTS)('%s reads OpenAI’s form at the path the table names', (id) => {
  const way = UNIFIED_WAYS[id]
  const path = way.kind === 'dialect' ? way.path : ''
  const known = providerById(id)
  const base = id === 'azure-openai' ? 'https://own.openai.azure.com' : 'https://own.test/base'
  const provider = known.hosts.length > 0 ? known : placeProvider(known, base)
  if (!provider) throw new TypeError(id)
  const root = provider.place
    ? provider.place.origin + provider.place.path
    : `https://${String(provider.hosts[0])}`
  const url = new URL(root + path)
  const match = matchEndpoint(provider, 'POST', url)
  if (match.outcome !== 'endpoint') throw new TypeError(match.outcome)
  const facts = provider.readFacts(match.endpoint, url, {
    ...{ model: 'm', stream: true, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 3 },
  })

  expect(match.endpoint.capability).toBe('chat')
  expect(facts).toMatchObject({ model: 'm', stream: true, outputLimit: 3 })
})

it('leaves out only providers that serve no chat completions', () => {
  const silent = PROVIDER_IDS.filter((id) => UNIFIED_WAYS[id].kind === 'none')

  expect(silent.sort()).toEqual(
    [
      'deepgram',
      'elevenlabs',
      'fal',
      'jina',
      'perplexity',
      'replicate',
      'stability',
      'voyage',
    ].sort(),
  )
})
