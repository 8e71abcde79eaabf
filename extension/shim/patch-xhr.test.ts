import { nativeSends } from './__fixtures__/memory-xhr.ts'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { MemoryBackground, anyValetKey, settled } from './__fixtures__/background.ts'
import { Channel } from './channel.ts'
import { patchXhr } from './patch-xhr.ts'

const URL_TEXT = 'https://api.example.test/v1/chat'
const key = anyValetKey()
const background = new MemoryBackground().arrive()
const members = Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype)
const before = new XMLHttpRequest()

beforeAll(() => {
  patchXhr(XMLHttpRequest.prototype, new Channel(background.target))
})

beforeEach(() => {
  nativeSends.length = 0
  background.messages.length = 0
  background.site = 'on'
  background.onStart = () => undefined
})

function opened(method = 'POST', url = URL_TEXT): XMLHttpRequest {
  const xhr = new XMLHttpRequest()
  xhr.open(method, url)
  return xhr
}

function withKey(url = URL_TEXT): XMLHttpRequest {
  const xhr = opened('POST', url)
  xhr.setRequestHeader('Authorization', `Bearer ${key}`)
  return xhr
}

function ended(xhr: XMLHttpRequest): Promise<void> {
  return new Promise((resolve) => {
    xhr.addEventListener('loadend', () => {
      resolve()
    })
  })
}

async function startOf() {
  await background.heard('call.start')
  const [start] = background.of('call.start')
  if (!start) throw new TypeError('no call')
  return start
}

describe('a request without a valet key', () => {
  it('C47: goes out by the browser’s own object, and nobody is asked', async () => {
    const xhr = opened()
    xhr.setRequestHeader('authorization', 'Bearer of-somebody')
    const done = ended(xhr)
    xhr.send('body')

    expect(nativeSends).toEqual([
      {
        method: 'POST',
        url: URL_TEXT,
        headers: [['authorization', 'Bearer of-somebody']],
        body: 'body',
      },
    ])
    await done
    await settled()
    expect(background.messages).toEqual([])
    expect(xhr).toMatchObject({
      ...{ status: 299, statusText: 'Native', response: 'native', responseText: 'native' },
      responseURL: URL_TEXT,
    })
    expect(xhr.getResponseHeader('x-native')).toBe('yes')
    expect(xhr.getAllResponseHeaders()).toBe('x-native: yes\r\n')
  })

  it('leaves the members as they looked', () => {
    const patched = Object.getOwnPropertyDescriptors(XMLHttpRequest.prototype)

    for (const [name, descriptor] of Object.entries(members)) {
      const after: PropertyDescriptor | undefined = patched[name as keyof typeof patched]
      expect(after, name).toMatchObject({ enumerable: descriptor.enumerable, configurable: true })
      if (name === 'constructor' || typeof descriptor.value !== 'function') continue
      const [old, now] = [descriptor.value, after?.value] as [() => void, () => void]
      expect([now.name, now.length]).toEqual([old.name, old.length])
      expect(Function.prototype.toString.call(now)).toContain('[native code]')
    }
  })

  it('leaves the browser to refuse what is no XHR', () => {
    const { prototype } = XMLHttpRequest

    expect(() => Reflect.get(prototype, 'readyState') as unknown).toThrow('Illegal invocation')
    expect(() => {
      Reflect.apply(prototype.send, {}, [])
    }).toThrow('Illegal invocation')
    expect(() => {
      Reflect.apply(prototype.open, {}, ['GET', '/'])
    }).toThrow('Illegal invocation')
  })

  it('leaves alone what it may not replace', () => {
    const frozen = Object.freeze({ send: vi.fn(), open: vi.fn() }) as unknown as XMLHttpRequest

    patchXhr(frozen, new Channel(new EventTarget()))

    expect(vi.isMockFunction(frozen.send)).toBe(true)
  })
})

describe('a request with a valet key', () => {
  it('goes to the wallet as the page put it', async () => {
    const xhr = withKey(`${URL_TEXT}#part`)
    xhr.setRequestHeader('X-Twice', 'a')
    xhr.setRequestHeader('x-twice', 'b')
    xhr.setRequestHeader('content-type', 'application/json; charset=iso-8859-1')
    xhr.send('{"a":1}')
    const start = await startOf()

    expect(start).toMatchObject({
      method: 'POST',
      headers: [
        ['authorization', `Bearer ${key}`],
        ['content-type', 'application/json; charset=UTF-8'],
        ['x-twice', 'a, b'],
      ],
      body: { kind: 'text', text: '{"a":1}' },
      valetKey: key,
    })
    expect(nativeSends).toEqual([])
    xhr.abort()
  })

  it.each([
    ['x-api-key', key],
    ['x-goog-api-key', key],
    ['api-key', key],
    ['xi-api-key', key],
    ['Authorization', `Token ${key}`],
    ['Authorization', `Key ${key}`],
  ])('is seen by %s', async (name, value) => {
    const xhr = opened()
    xhr.setRequestHeader(name, value)
    xhr.send()

    expect((await startOf()).valetKey).toBe(key)
    xhr.abort()
  })

  it('is seen by its address, on an object made before the patch too', async () => {
    before.open('GET', `${URL_TEXT}?key=${key}`)
    before.send()

    expect(await startOf()).toMatchObject({ valetKey: key, body: { kind: 'none' } })
    before.abort()
  })

  it('gives its reply in the order of the standard', async () => {
    background.onStart = ({ callId }) => {
      background.reply(callId, 200, ['hel', 'lo'], [['content-type', 'text/plain']])
    }
    const xhr = withKey()
    const log: string[] = []
    for (const type of ['readystatechange', 'loadstart', 'progress', 'load', 'loadend']) {
      xhr.addEventListener(type, () => log.push(`${type} ${xhr.readyState} ${xhr.responseText}`))
    }
    const done = ended(xhr)
    xhr.send()
    await done

    expect(log).toEqual([
      'loadstart 1 ',
      'readystatechange 2 ',
      'readystatechange 3 hel',
      'progress 3 hel',
      'readystatechange 3 hello',
      'progress 3 hello',
      'readystatechange 4 hello',
      'load 4 hello',
      'loadend 4 hello',
    ])
    expect([xhr.status, xhr.responseURL]).toEqual([200, URL_TEXT])
    expect(xhr.getAllResponseHeaders()).toBe('content-type: text/plain\r\n')
  })

  it('is the browser’s where the site is off', async () => {
    background.send({ type: 'changed', status: 'none' })
    background.site = 'none'
    await settled()
    const xhr = withKey()
    const done = ended(xhr)
    xhr.send('x')
    await done
    background.site = 'on'

    expect(nativeSends).toMatchObject([{ body: 'x' }])
    expect(background.of('call.start')).toEqual([])
    expect(xhr.responseText).toBe('native')
  })

  it('C46: is the browser’s where the wallet passes it, with the bytes as they were sent', async () => {
    background.onStart = ({ callId }) => {
      background.send({ type: 'call.pass', callId })
    }
    const xhr = withKey()
    const bytes = new Uint8Array([65])
    const done = ended(xhr)
    xhr.send(bytes)
    bytes[0] = 90
    await done

    const { body } = nativeSends[0] ?? {}
    expect(body).toBeInstanceOf(Blob)
    expect(await (body as Blob).text()).toBe('A')
    expect(xhr.status).toBe(299)
  })

  it('C46: is asked for its address, headers and body once, and what was looked at is what is sent', async () => {
    const asked = { url: 0, name: 0, value: 0, body: 0 }
    const says = (part: keyof typeof asked, ...texts: string[]) => ({
      toString: () => texts[Math.min(asked[part]++, 1)] ?? '',
    })
    const xhr = new XMLHttpRequest()
    xhr.open(
      'POST',
      says('url', `${URL_TEXT}?key=${key}`, 'https://evil.example.test/') as unknown as string,
    )
    xhr.setRequestHeader(
      says('name', 'x-a', 'x-b') as unknown as string,
      says('value', '1', '2') as unknown as string,
    )
    xhr.send(says('body', '{"model":"a"}', '{"model":"b"}') as unknown as string)
    const start = await startOf()

    expect(asked).toEqual({ url: 1, name: 1, value: 1, body: 1 })
    expect(start).toMatchObject({ url: `${URL_TEXT}?key=${key}`, body: { text: '{"model":"a"}' } })
    expect(start.headers).toContainEqual(['x-a', '1'])
    xhr.abort()
  })

  it('refuses a synchronous request elsewhere clearly, and asks nobody', async () => {
    const xhr = new XMLHttpRequest()
    xhr.open('POST', URL_TEXT, false)
    xhr.setRequestHeader('x-api-key', key)

    expect(() => {
      xhr.send()
    }).toThrow(/ValetKey makes no synchronous XMLHttpRequest/)
    await settled()
    expect(background.of('call.start')).toEqual([])
  })
})

describe('an object that is opened anew', () => {
  it('gives up the first call and tells nothing of it', async () => {
    const xhr = withKey()
    xhr.send()
    const { callId } = await startOf()
    const log: string[] = []
    xhr.addEventListener('readystatechange', () => log.push(`state ${xhr.readyState}`))
    xhr.addEventListener('abort', () => log.push('abort'))

    xhr.open('GET', URL_TEXT)
    await background.heard('call.abort')
    background.reply(callId, 200, ['late'])
    await settled()

    expect(log).toEqual([])
    expect([xhr.readyState, xhr.responseText]).toEqual([1, ''])
  })

  it('keeps what it had where the browser refuses the second opening', async () => {
    const xhr = withKey()
    xhr.send()
    await startOf()

    expect(() => {
      xhr.open('A B', URL_TEXT)
    }).toThrow('bad method')
    expect(() => {
      xhr.send()
    }).toThrow(/must be opened/)
    xhr.abort()
  })

  it('C47: without a valet key the second time, is the browser’s again', async () => {
    background.onStart = ({ callId }) => {
      background.reply(callId, 200, ['ours'])
    }
    const xhr = withKey()
    const first = ended(xhr)
    xhr.send()
    await first
    expect(xhr.responseText).toBe('ours')

    xhr.open('GET', URL_TEXT)
    expect(xhr.readyState).toBe(1)
    const second = ended(xhr)
    xhr.send()
    await second

    expect(xhr.responseText).toBe('native')
    expect(xhr.getAllResponseHeaders()).toBe('x-native: yes\r\n')
    expect(background.of('call.start')).toHaveLength(1)
  })
})
