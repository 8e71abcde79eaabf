import type { RecordFields } from '../protocol/index.ts'

/**
 * What an export says about a key. Its base URL is written and never read back: whoever writes a file could
 * have a key sent elsewhere (C27).
 */
export type ExportedKey = Pick<
  RecordFields<'key'>,
  'provider' | 'baseUrl' | 'secret' | 'label' | 'notes' | 'createdAt' | 'expiresAt' | 'archived'
>
