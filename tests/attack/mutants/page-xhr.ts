import type { Mutant } from './mutant.ts'

const XHR = 'extension/shim/patch-xhr.test.ts'
const HOSTILE = 'extension/shim/hostile-page.test.ts'
const EVERYTHING = 'C45: a page that replaces everything'

/** What a page sends: what is the browser's stays the browser's, and what is looked at is what is sent. */
export const MUTANTS: readonly Mutant[] = [
  {
    attack: 'C47',
    removes: 'an XHR without a valet key is none of the wallet’s',
    file: 'extension/shim/patch-xhr.ts',
    find: 'valetKey === null ? native() : sendToWallet(use, own, valetKey)',
    replace: "sendToWallet(use, own, valetKey ?? '')",
    test: { project: 'unit', file: XHR, title: 'C47: goes out by the browser’s own object' },
  },
  {
    attack: 'C47',
    removes: 'an XHR that is opened anew is the browser’s again',
    file: 'extension/shim/patch-xhr.ts',
    find: 'mime: null, call: null })',
    replace: 'mime: null, call: own?.call ?? null })',
    test: { project: 'unit', file: XHR, title: 'C47: without a valet key the second time' },
  },
  {
    attack: 'C46',
    removes: 'an address is made text of once, for the look and for the browser',
    file: 'extension/shim/patch-xhr.ts',
    find: 'const url = (args[1] = textOf(args[1]))',
    replace: 'const url = textOf(args[1])',
    test: { project: 'unit', file: XHR, title: 'C46: is asked for its address' },
  },
  {
    attack: 'C46',
    removes: 'what the wallet passes goes out as it was when it was sent',
    file: 'extension/shim/patch-xhr.ts',
    find: '    args[0] = taken.nativeBody\n',
    replace: '',
    test: { project: 'unit', file: XHR, title: 'C46: is the browser’s where the wallet passes it' },
  },
  {
    attack: 'C45',
    removes: 'events go out by the browser’s own dispatchEvent',
    file: 'extension/shim/xhr-call.ts',
    find: 'dispatch(this.#xhr, progressEvent(type, loaded, total))',
    replace: 'this.#xhr.dispatchEvent(progressEvent(type, loaded, total))',
    test: { project: 'unit', file: HOSTILE, title: EVERYTHING },
  },
  {
    attack: 'C45',
    removes: 'lists are gone through without an iterator of the page',
    file: 'extension/shim/natives.ts',
    find: 'for (let at = 0; at < list.length; at++) visit(list[at] as T, at)',
    replace: 'for (const item of list) visit(item, 0)',
    test: { project: 'unit', file: HOSTILE, title: EVERYTHING },
  },
  {
    attack: 'C45',
    removes: 'what the page set on its XHR is read by the browser’s own getter',
    file: 'extension/shim/xhr-natives.ts',
    find: "getter(XMLHttpRequest.prototype, 'timeout') as",
    replace: '((xhr: XMLHttpRequest) => xhr.timeout) as',
    test: { project: 'unit', file: HOSTILE, title: EVERYTHING },
  },
  {
    attack: 'C46',
    removes: 'headers are looked through without asking their getters',
    file: 'extension/shim/valet-request.ts',
    find: 'getOwnPropertyDescriptor(headers, name)?.value',
    replace: '(headers as Record<string, string>)[name]',
    test: {
      project: 'unit',
      file: 'extension/shim/valet-request.test.ts',
      title: 'C46: asks no getter',
    },
  },
]
