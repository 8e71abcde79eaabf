import { describe, expect, it } from 'vitest'
import { MESSAGES } from './messages.ts'
import { readBase } from './own-server.ts'

const { refusals } = MESSAGES.ownServer

describe('the address of a server of one’s own', () => {
  it('is read without the slash and the blanks around it', () => {
    expect(readBase('custom', ' http://localhost:8000/v1/ ')).toEqual({
      ...{ kind: 'fit', baseUrl: 'http://localhost:8000/v1', origin: 'http://localhost:8000' },
      ...{ reach: 'this-computer', ownPort: true },
    })
  })

  it('may be left out only where the provider has hosts of its own', () => {
    expect(readBase('ollama', '')).toEqual({ kind: 'none' })
    expect(readBase('custom', ' ')).toEqual({ kind: 'refused', reason: refusals.empty })
    expect(readBase('azure-openai', '')).toEqual({ kind: 'refused', reason: refusals.empty })
  })

  it.each([
    ['https://169.254.169.254', refusals.metadata],
    ['http://192.168.1.20:8000', refusals.scheme],
    ['https://0x7f.1', refusals.spelling],
    ['localhost:8000', refusals.scheme],
    ['https://api.openai.com/v1', refusals.provider],
  ])('says why %s is none (C27)', (typed, reason) => {
    expect(readBase('custom', typed)).toEqual({ kind: 'refused', reason })
  })

  it('is a resource’s own for Azure', () => {
    expect(readBase('azure-openai', 'https://res-1.openai.azure.com')).toMatchObject({
      kind: 'fit',
    })
    expect(readBase('azure-openai', 'https://models.example.com')).toEqual({
      ...{ kind: 'refused', reason: refusals.azure },
    })
  })
})
