/** A coding agent that reads the start of an answer and then does nothing more, until it is killed. */
import OpenAI from 'openai'

const client = new OpenAI({ maxRetries: 0 })
const stream = await client.chat.completions.create({
  ...{ model: 'gpt-5-mini', stream: true },
  messages: [{ role: 'user', content: 'hi' }],
})
await stream[Symbol.asyncIterator]().next()
process.stdout.write('reading\n')
await new Promise((resolve) => setTimeout(resolve, 60_000))
