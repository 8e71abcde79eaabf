import { describe, expect, it } from 'vitest'
import { runClientMatrix } from '../support/client-matrix.ts'
import { APP, useWorld } from './world.ts'

const CLIENTS = [
  'openai',
  '@anthropic-ai/sdk',
  'anthropic-sdk-0',
  '@google/genai',
  'groq-sdk',
  '@ai-sdk/openai',
  '@ai-sdk/anthropic',
  '@ai-sdk/google',
  '@ai-sdk/groq',
]

describe('official clients, unmodified, with a valet key', () => {
  const world = useWorld('site')

  it.each(CLIENTS)('%s works as with a key: whole, streamed, stopped', async (client) => {
    const { driver, fakes } = world
    const rows = await runClientMatrix({
      ...{ driver, fakes, pageUrl: `${APP}/clients`, clients: [client] },
    })

    expect(rows.length).toBeGreaterThanOrEqual(3)
    expect(rows.filter(({ ok }) => !ok)).toEqual([])
  })
})
