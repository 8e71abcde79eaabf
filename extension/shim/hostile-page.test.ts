import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

it('C45: a page that replaces everything after the shim was loaded still gets its call', async () => {
  const reports = new BroadcastChannel('hostile-page')
  const page = new Worker(new URL('./__fixtures__/hostile-page.ts', import.meta.url))

  const outcome = await new Promise((resolve, reject) => {
    reports.onmessage = (event: MessageEvent) => {
      resolve(event.data)
    }
    page.on('error', reject)
  })
  reports.close()
  await page.terminate()

  expect(outcome).toEqual({
    text: 'well, hello',
    byXhr: [4, 'by xhr', 'x-served: yes\r\n'],
    stepped: [],
  })
})
