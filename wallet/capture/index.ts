export { findKeys, type KeyCandidate } from './find-keys.ts'
export type { KeyOwner } from './key-forms.ts'
export { DASHBOARDS, dashboardOf, type Dashboard } from './dashboards.ts'
export { lookalikeOf, type Lookalike } from './lookalike.ts'
