import { expect, it } from 'vitest'
import { judgePassphrase } from './passphrase.ts'

it.each(['correct horse battery', 'zwölf Zeichen', 'abcdefghijkl'])('takes %j', (passphrase) => {
  expect(judgePassphrase(passphrase)).toEqual({ kind: 'good' })
})

it('counts the characters that are missing as a person does', () => {
  expect(judgePassphrase('')).toEqual({ kind: 'empty' })
  expect(judgePassphrase('eleven char')).toEqual({ kind: 'short', missing: 1 })
  expect(judgePassphrase('😀'.repeat(6))).toEqual({ kind: 'short', missing: 6 })
})

it.each(['aaaaaaaaaaaa', 'abcabcabcabc', 'abababababab!', 'passwordpassword', '121212121212'])(
  'refuses %j, which repeats itself',
  (passphrase) => {
    expect(judgePassphrase(passphrase)).toEqual({ kind: 'repeated' })
  },
)
