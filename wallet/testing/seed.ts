/**
 * Inputs of properties are the same in every short run, so that a run tells of the change it is run
 * on; a long run (`npm run test:long`) draws new ones each time.
 */
import fc from 'fast-check'
import { inject } from 'vitest'

const SEED = 0x56414c45

if (inject('fuzzSeconds') === 0) fc.configureGlobal({ seed: SEED })
