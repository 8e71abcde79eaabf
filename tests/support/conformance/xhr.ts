/** An XHR as a case makes it, and a record of all it tells. */
import type { Side } from './case.ts'

const EVENTS = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend']

/** Opened, with the side's key. */
export function openXhr(side: Side, url: string, method = 'GET'): XMLHttpRequest {
  const xhr = new XMLHttpRequest()
  xhr.open(method, url)
  xhr.setRequestHeader('authorization', `Bearer ${side.key}`)
  return xhr
}

/**
 * Each event with the state it found. What repeats while a body comes is kept once: how often is the
 * network's business.
 */
export function recordOf(xhr: XMLHttpRequest): string[] {
  const log: string[] = []
  const keep = (line: string): void => {
    if (!/^(?:readystatechange 3|progress)/.test(line) || !log.includes(line)) log.push(line)
  }
  xhr.addEventListener('readystatechange', () => {
    keep(`readystatechange ${xhr.readyState} ${xhr.status}`)
  })
  for (const type of EVENTS) {
    const line = ({ loaded, total }: ProgressEvent): string =>
      type === 'progress' ? type : `${type} ${xhr.readyState} ${loaded}/${total}`
    xhr.addEventListener(type, (event) => {
      keep(line(event as ProgressEvent))
    })
  }
  return log
}

export function recordOfUpload(xhr: XMLHttpRequest, log: string[]): void {
  for (const type of EVENTS) {
    xhr.upload.addEventListener(type, (event) => {
      const { loaded, total } = event as ProgressEvent
      const line = `upload ${type} ${loaded}/${total}`
      if (!log.includes(line)) log.push(line)
    })
  }
}

export function ended(xhr: XMLHttpRequest): Promise<void> {
  return new Promise((resolve) => {
    xhr.addEventListener('loadend', () => {
      resolve()
    })
  })
}

/** Resolves at the first event of a type. */
export function heard(xhr: XMLHttpRequest, type: string): Promise<void> {
  return new Promise((resolve) => {
    xhr.addEventListener(
      type,
      () => {
        resolve()
      },
      { once: true },
    )
  })
}

/** All a page can read of it; what throws is named. */
export function stateOf(xhr: XMLHttpRequest): unknown {
  const read = (name: keyof XMLHttpRequest): unknown => {
    try {
      const value: unknown = xhr[name]
      return value instanceof ArrayBuffer
        ? `buffer ${value.byteLength}`
        : value instanceof Blob
          ? `blob ${value.size} ${value.type}`
          : value
    } catch (error) {
      return error instanceof DOMException ? error.name : String(error)
    }
  }
  const names = [
    'readyState',
    'status',
    'statusText',
    'responseURL',
    'responseType',
    'response',
    'responseText',
    'responseXML',
  ] as const
  const headers = xhr.getAllResponseHeaders().replace(/date: .*\r\n/, '')
  return [...names.map(read), headers]
}
