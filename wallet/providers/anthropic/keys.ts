import { boundedPattern } from '../formats/key-pattern.ts'
import type { KeyPattern } from '../provider.ts'

export const ANTHROPIC_KEY_PATTERNS: readonly KeyPattern[] = [
  {
    kind: 'api',
    pattern: boundedPattern('sk-ant-api\\d{2}-[A-Za-z0-9_-]{93}AA'),
    scope: 'anywhere',
    storable: true,
  },
  // C39: administers the organisation and cannot call a model.
  {
    kind: 'admin',
    pattern: boundedPattern('sk-ant-admin\\d{2}-[A-Za-z0-9_-]{93}AA'),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'oauth-access',
    pattern: boundedPattern('sk-ant-oat\\d{2}-[A-Za-z0-9_-]{40,}'),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'oauth-refresh',
    pattern: boundedPattern('sk-ant-ort\\d{2}-[A-Za-z0-9_-]{40,}'),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'session',
    pattern: boundedPattern('sk-ant-sid\\d{2}-[A-Za-z0-9_-]{40,}'),
    scope: 'anywhere',
    storable: false,
  },
]
