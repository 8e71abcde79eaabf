import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Page } from 'puppeteer'
import { beforeAll, describe, expect, it } from 'vitest'
import { APP, useWorld } from './world.ts'

const require = createRequire(import.meta.url)
const SWAGGER = dirname(require.resolve('swagger-ui-dist/package.json'))
const RAPIDOC = require.resolve('rapidoc/dist/rapidoc-min.js')
const DEEP_CHAT = require.resolve('deep-chat/dist/deepChat.bundle.js')
const SOON = { timeout: 10_000 }
/** What the stand-in model says. */
const ANSWER = 'The valet parks the car'
const MESSAGE = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] }

/** OpenAI's chat call, as a person who wants to try it out would describe it. */
const DESCRIPTION = {
  openapi: '3.0.3',
  info: { title: 'Chat', version: '1' },
  servers: [{ url: 'https://api.openai.com/v1' }],
  security: [{ bearer: [] }],
  components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
  paths: {
    '/chat/completions': {
      post: {
        summary: 'Chat',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { type: 'object' }, example: MESSAGE } },
        },
        responses: { 200: { description: 'ok' } },
      },
    },
  },
}

describe('a page nobody here wrote, as its package ships it, given a valet key in its own key box', () => {
  const world = useWorld('site', { providers: ['openai'] })

  beforeAll(() => {
    world.apps.serve('/chat.json', {
      contentType: 'application/json',
      body: JSON.stringify(DESCRIPTION),
    })
    serveSwagger()
    serveScript('/rapidoc.js', RAPIDOC)
    servePage(
      '/rapidoc',
      '<script type="module" src="/rapidoc.js"></script><rapi-doc spec-url="/chat.json" render-style="view"></rapi-doc>',
    )
    serveScript('/deep-chat.js', DEEP_CHAT)
    servePage(
      '/deep-chat',
      '<script type="module" src="/deep-chat.js"></script><deep-chat directConnection=\'{"openAI": {"completions": {"model": "gpt-4o-mini"}}}\'></deep-chat>',
    )
  })

  function serveScript(path: string, file: string): void {
    const contentType = file.endsWith('.css') ? 'text/css' : 'text/javascript'
    world.apps.serve(path, { contentType, body: readFileSync(file, 'utf8') })
  }

  function servePage(path: string, body: string): void {
    world.apps.serve(path, { body: `<!doctype html><meta charset="utf-8"><body>${body}</body>` })
  }

  function serveSwagger(): void {
    for (const file of [
      'index.css',
      'swagger-ui.css',
      'swagger-ui-bundle.js',
      'swagger-ui-standalone-preset.js',
    ]) {
      serveScript(`/swagger/${file}`, join(SWAGGER, file))
    }
    world.apps.serve('/swagger/', {
      body: readFileSync(join(SWAGGER, 'index.html'), 'utf8'),
    })
    // The one file of it that is there to be written by whoever serves it.
    world.apps.serve('/swagger/swagger-initializer.js', {
      contentType: 'text/javascript',
      body: `window.onload = () => SwaggerUIBundle({ url: '/chat.json', dom_id: '#swagger-ui',
        presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset], layout: 'StandaloneLayout' })`,
    })
  }

  /** Chat calls that arrived, and whether they came with the real key and without a page's origin. */
  const arrived = () =>
    world.fakes.requests
      .filter(({ path }) => path === '/v1/chat/completions')
      .map(({ method, key, headers }) => [method, key === world.keys.openai, headers['origin']])

  async function open(path: string): Promise<{ page: Page; valetKey: string }> {
    const page = await world.driver.newPage(APP + path)
    await page.setViewport({ width: 1200, height: 1000 })
    return { page, valetKey: await world.driver.valetKey(APP, 'openai') }
  }

  it('is answered, and the provider gets the real key: Swagger UI, RapiDoc, Deep Chat', async () => {
    for (const attempt of [trySwagger, tryRapidoc, tryDeepChat]) {
      await attempt()
      expect([attempt.name, arrived()]).toEqual([attempt.name, [['POST', true, undefined]]])
      expect(world.fakes.violations).toEqual([])
      world.fakes.reset()
    }
  })

  async function trySwagger(): Promise<void> {
    const { page, valetKey } = await open('/swagger/')
    await click(page, '.btn.authorize')
    await write(page, '.modal-ux input', valetKey)
    await click(page, '.modal-ux .btn.authorize')
    await click(page, '.modal-ux .btn-done')
    await click(page, '.opblock-summary-control')
    await click(page, '.try-out__btn')
    await click(page, '.execute')

    await page.waitForSelector(`.live-responses-table ::-p-text(${ANSWER})`, SOON)
  }

  async function tryRapidoc(): Promise<void> {
    const { page, valetKey } = await open('/rapidoc')
    await write(page, '>>> .api-key-input, >>> .api-key-password', valetKey)
    await click(page, '>>> button::-p-text(SET)')
    await click(page, '>>> .endpoint-head')
    const body = await page.waitForSelector('>>> textarea.request-body-param-user-input', SOON)
    await body?.click({ count: 3 })
    await body?.type(JSON.stringify(MESSAGE))
    await click(page, '>>> button[part~=btn-try]')

    await page.waitForSelector(`>>> ::-p-text(${ANSWER})`, SOON)
  }

  async function tryDeepChat(): Promise<void> {
    const { page, valetKey } = await open('/deep-chat')
    await write(page, '>>> #insert-key-input', valetKey)
    await page.keyboard.press('Enter')
    await write(page, '>>> #text-input', 'Hi')
    await page.keyboard.press('Enter')

    await page.waitForSelector(`>>> .ai-message-text ::-p-text(${ANSWER})`, SOON)
  }
})

async function click(page: Page, selector: string): Promise<void> {
  await (await page.waitForSelector(selector, SOON))?.click()
}

async function write(page: Page, selector: string, text: string): Promise<void> {
  await (await page.waitForSelector(selector, SOON))?.type(text)
}
