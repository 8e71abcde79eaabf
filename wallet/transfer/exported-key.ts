import type { RecordFields } from '../protocol/index.ts'

/**
 * What an export says about a key. Its base URL stays behind: were it read from a file, whoever writes the
 * file could have a key sent elsewhere.
 */
export type ExportedKey = Pick<
  RecordFields<'key'>,
  'provider' | 'secret' | 'label' | 'notes' | 'createdAt' | 'expiresAt' | 'archived'
>
