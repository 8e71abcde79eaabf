import { boundedPattern } from '../formats/key-pattern.ts'
import type { KeyPattern } from '../provider.ts'

export const GOOGLE_KEY_PATTERNS: readonly KeyPattern[] = [
  {
    kind: 'auth-key',
    pattern: boundedPattern('AQ\\.Ab8RN6[A-Za-z0-9_-]{44}'),
    scope: 'anywhere',
    storable: true,
  },
  {
    kind: 'auth-key-tolerant',
    pattern: boundedPattern('[A-Z]Q\\.[A-Za-z0-9_-]{40,120}'),
    scope: 'context',
    storable: true,
  },
  // Every page with Firebase or Maps carries a public key of this shape: never outside AI Studio.
  {
    kind: 'standard-key',
    pattern: boundedPattern('AIza[A-Za-z0-9_-]{35}'),
    scope: 'context',
    storable: true,
  },
]
