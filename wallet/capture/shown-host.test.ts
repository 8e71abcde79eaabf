import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/index.ts'
import { shownHost } from './shown-host.ts'

describe('a host as people read it', () => {
  // RFC 3492 §7.1 and hosts as browsers report them.
  it.each([
    ['xn--bcher-kva.example', 'bücher.example'],
    ['xn--ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
    ['xn--3B-ww4c5e180e575a65lsy2b'.toLowerCase(), '3年b組金八先生'],
    ['plain.example', 'plain.example'],
    ['xn--', ''],
    ['xn--a b.example', 'xn--a b.example'],
    ['xn--99999999999999', 'xn--99999999999999'],
  ])('%s', (hostname, shown) => {
    expect(shownHost(hostname)).toBe(shown)
  })

  it('comes back from what the URL parser made of it', () => {
    const random = createSeededRandom('shown hosts')
    // Letters that the parser leaves as they are: Cyrillic, Greek, kana.
    const letters =
      'абвгдежзиклмнопрстуфхцчшщыэюяαβγδεζηθικλμνξοπρτυφχψωあいうえおかきくけこabcxyz019'
    for (let round = 0; round < 500; round++) {
      const label = Array.from(random(1 + (round % 24)), (byte) =>
        letters.charAt(byte % letters.length),
      ).join('')
      const { hostname } = new URL(`https://a${label}.example`)
      expect(shownHost(hostname), hostname).toBe(`a${label}.example`)
    }
  })
})
