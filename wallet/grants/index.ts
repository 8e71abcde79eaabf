export { defaultTerms, type OfferedKey } from './default-terms.ts'
export { evaluate, type CallToJudge, type Decision } from './evaluate.ts'
export { grantState } from './grant-state.ts'
export { matchesPattern } from './match-pattern.ts'
