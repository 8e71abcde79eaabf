import fc from 'fast-check'
import { describe, it } from 'vitest'
import { FUZZED_WHOLE, tryInputs } from '../testing/fuzz.ts'
import { createDraw } from '../testing/index.ts'
import { findKeys } from './find-keys.ts'

/**
 * One character short, or long, or of another case or ending: by how they are made, none has the shape of
 * a key. What stands around them is no part of them.
 */
const NO_KEYS = [
  ...['gsk_{A51}', 'gsk_{A53}', 'GSK_{A52}', 'xgsk_{A52}', 'gsk-{A52}', 'gsk_{A26}.{A26}'],
  ...['sk-{A47}', 'sk-proj-{U60}', 'sk-svcacct-{U40}', 'SK-proj-{U150}', 'sk_proj_{A40}'],
  ...['sk-ant-api03-{U92}AA', 'sk-ant-api03-{U93}BB', 'sk-ant-api3-{U93}AA'],
  ...['AIza{U34}', 'AIza{U36}', 'AQ.Ab8RN6{U43}', 'AQ.Ab8RN6{U45}', 'Ab8RN6{U44}'],
  ...['sk-or-v1-{H63}', 'sk-or-v2-{H64}', 'xai-{A60}', 'hf_{L33}', 'hf_{L35}', 'r8_{A36}'],
  ...['nvapi-{A59}', 'pplx-{A47}', 'csk-{l47}', 'tgp_v1_{U42}', 'tgp_v2_{U43}', 'jina_{A59}'],
  ...['sk_{H47}', 'sk_live_{A24}', 'pa-{U42}', 'fw_{A23}', 'sk-api-{U118}', '{H32}.{A15}'],
  ...['{H8}-{H4}-{H4}-{H4}-{H12}', '{H8}-{H4}-{H4}-{H4}-{H12}:{H31}', '{A52}JQQJ98{A18}ACOG{A4}'],
  ...['{A31}', '{A32}', '{A40}', '{H32}', '{H40}', '{H64}', '{L34}', '{D40}', '{s40}-{s20}'],
  ...['{U200}', '{U300}', '{B100}', 'eyJ{U30}.eyJ{U80}.{U43}', 'gsk_{A4}...{A4}', '{B400}'],
]
const AROUND = [' ', '\n', '"', "'", '=', ': ', '<', '>', '`', '(', ')', ';', ',', ' – ', ' Key ']

describe('random and adversarial text', () => {
  it('holds no key that is sure', FUZZED_WHOLE, async () => {
    const input = fc.record({
      seed: fc.nat(),
      template: fc.constantFrom(...NO_KEYS),
      before: fc.constantFrom(...AROUND),
      after: fc.constantFrom(...AROUND),
    })
    const property = fc.property(input, ({ seed, template, before, after }) => {
      const text = `${before}${createDraw(String(seed))(template)}${after}`
      return findKeys(text).every(({ confidence }) => confidence !== 'high')
    })

    await tryInputs(20_000, property, 1_000_000)
  })
})
