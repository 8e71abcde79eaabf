import { TargetType, type Frame, type Page, type Target } from 'puppeteer'
import { APP, CHAT_URL, chatInit, fetchFrom, type World } from '../e2e/world.ts'

/** A document that can be told to do something. */
export type Place = Page | Frame

/**
 * What became of one call with the app's valet key. `served`: the provider got the real key; `unswapped`:
 * it got the worthless valet key from the page itself; else the code the wallet refused it with.
 */
export type Outcome = 'served' | 'unswapped' | 'nothing sent' | `refused: ${string}`

/** Lets a document call a provider with the app's valet key. */
export async function tryToSpend(world: World, place: Place): Promise<Outcome> {
  const valetKey = await world.driver.valetKey(APP, 'openai')
  // Where ValetKey is not, the page's own request arrives with it: worth nothing there.
  world.fakes.expectValetKeys(true)
  const before = world.fakes.requests.length
  const reply = await fetchFrom(place, CHAT_URL, chatInit(valetKey))
  const sent = world.fakes.requests.slice(before)
  if (sent.some(({ key }) => key !== null)) return 'served'
  const code = reply.headers['x-valetkey-error']
  if (code !== undefined) return `refused: ${code}`
  return sent.some(({ valetKeys }) => valetKeys.includes(valetKey)) ? 'unswapped' : 'nothing sent'
}

/** Whether the shim is in a document: its fetch is not the browser's own any more. */
export function hasShim(place: Place): Promise<boolean> {
  return place.evaluate(
    () => Function.prototype.toString.call(window.fetch) !== 'function fetch() { [native code] }',
  )
}

/** Puts a frame with these attributes into a document, and waits until it has loaded. */
export async function addFrame(
  parent: Place,
  attributes: Readonly<Record<string, string>>,
): Promise<Frame> {
  const element = await parent.evaluateHandle(async (given) => {
    const frame = document.createElement('iframe')
    for (const [name, value] of Object.entries(given)) frame.setAttribute(name, value)
    await new Promise((resolve) => {
      frame.onload = resolve
      document.documentElement.append(frame)
    })
    return frame
  }, attributes)
  return element.contentFrame()
}

/**
 * Evaluates in the world of our bridge in a page's top document.
 * @throws Error when there is no bridge in it
 */
export async function inBridgeWorld(page: Page, expression: string): Promise<unknown> {
  const session = await page.createCDPSession()
  try {
    const worlds: number[] = []
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === 'ValetKey') worlds.push(context.id)
    })
    await session.send('Runtime.enable')
    const [contextId] = worlds
    if (contextId === undefined) throw new Error(`There is no bridge in ${page.url()}.`)
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      ...{ expression, contextId, returnByValue: true, awaitPromise: true },
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? 'thrown')
    return result.value
  } finally {
    await session.detach()
  }
}

/** Evaluates in our background worker. */
export async function inWorker(world: World, expression: string): Promise<unknown> {
  const { browser, extensionId } = world.driver
  const isOurs = (one: Target): boolean =>
    one.type() === TargetType.SERVICE_WORKER &&
    one.url().startsWith(`chrome-extension://${extensionId}/`)
  await browser.waitForTarget(isOurs)
  // The worker of an extension that was started anew stays listed beside the next one.
  const newest = browser.targets().filter(isOurs).at(-1)
  return (await newest?.worker())?.evaluate(expression)
}
