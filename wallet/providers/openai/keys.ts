import { boundedPattern } from '../formats/key-pattern.ts'
import type { KeyPattern } from '../provider.ts'

/** `T3BlbkFJ` is base64 of "OpenAI"; lengths before and after it changed over the years. */
const MARKED =
  '(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58}|[A-Za-z0-9_-]{20})T3BlbkFJ(?:[A-Za-z0-9_-]{74}|[A-Za-z0-9_-]{58}|[A-Za-z0-9_-]{20})'

export const OPENAI_KEY_PATTERNS: readonly KeyPattern[] = [
  {
    kind: 'project',
    pattern: boundedPattern(`sk-proj-${MARKED}`),
    scope: 'anywhere',
    storable: true,
  },
  {
    kind: 'service-account',
    pattern: boundedPattern(`sk-svcacct-${MARKED}`),
    scope: 'anywhere',
    storable: true,
  },
  {
    kind: 'user-none',
    pattern: boundedPattern(`sk-None-${MARKED}`),
    scope: 'anywhere',
    storable: true,
  },
  {
    kind: 'legacy-user',
    pattern: boundedPattern('sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}'),
    scope: 'anywhere',
    storable: true,
  },
  // C39: administers the organisation and cannot call a model.
  {
    kind: 'admin',
    pattern: boundedPattern(`sk-admin-${MARKED}`),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'ephemeral',
    pattern: boundedPattern('ek_[A-Za-z0-9]{32,64}'),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'session',
    pattern: boundedPattern('sess-[A-Za-z0-9]{40}'),
    scope: 'anywhere',
    storable: false,
  },
  {
    kind: 'admin-tolerant',
    pattern: boundedPattern('sk-admin-[A-Za-z0-9_-]{20,200}'),
    scope: 'context',
    storable: false,
  },
  {
    kind: 'project-tolerant',
    pattern: boundedPattern('sk-(?:proj|svcacct)-[A-Za-z0-9_-]{80,200}'),
    scope: 'context',
    storable: true,
  },
]
