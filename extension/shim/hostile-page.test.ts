import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

it('C45: a page that replaces everything after the shim was loaded still gets its call', async () => {
  const page = new Worker(new URL('./__fixtures__/hostile-page.ts', import.meta.url))

  const outcome = await new Promise((resolve, reject) => {
    page.on('message', resolve)
    page.on('error', reject)
  })
  await page.terminate()

  expect(outcome).toEqual({ text: 'hello', stepped: [] })
})
