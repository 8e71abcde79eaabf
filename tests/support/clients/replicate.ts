import Replicate from 'replicate'
import type { ClientCases } from './case.ts'

/** Its API allows no page at all: through the wallet it works. */
export const replicateCases: ClientCases = {
  async run({ apiKey, prompt }, take) {
    const replicate = new Replicate({ auth: apiKey })
    const output = await replicate.run('meta/meta-llama-3-8b-instruct', { input: { prompt } })
    take(Array.isArray(output) ? output.join('') : '')
  },
}
