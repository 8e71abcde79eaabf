import { describe, expect, it } from 'vitest'
import { generatedTextLength } from './generated-text.ts'

describe('the generated text seen in a reply', () => {
  it.each([
    ['an OpenAI chunk', { choices: [{ delta: { content: 'Hello' } }] }, 5],
    [
      'an Anthropic delta',
      { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello' } },
      5,
    ],
    ['a Responses delta', { type: 'response.output_text.delta', delta: 'Hello' }, 5],
    [
      'a Gemini chunk',
      { candidates: [{ content: { parts: [{ text: 'Hel' }, { text: 'lo' }] } }] },
      5,
    ],
    ['text with quotes and backslashes', { content: 'a"b\\' }, 6],
    ['nothing generated', { usage: { prompt_tokens: 3 } }, 0],
  ])('is counted in %s', (_name, value, length) => {
    expect(generatedTextLength(JSON.stringify(value))).toBe(length)
    expect(generatedTextLength(JSON.stringify(value, null, 2))).toBe(length)
  })

  it('is counted to the end of a string that was cut', () => {
    expect(generatedTextLength('{"content":"abc')).toBe(3)
  })
})
