import { boundedPattern } from '../formats/key-pattern.ts'
import type { KeyPattern } from '../provider.ts'

export const GROQ_KEY_PATTERNS: readonly KeyPattern[] = [
  {
    kind: 'api',
    pattern: boundedPattern('gsk_[A-Za-z0-9]{52}'),
    scope: 'anywhere',
    storable: true,
  },
]
