import type { Grant, GrantId, RecordFields } from '../protocol/index.ts'

/** The record as the engine sees it. */
export function grantOf({
  id,
  fields,
}: {
  readonly id: GrantId
  readonly fields: Pick<RecordFields<'grant'>, 'subject' | 'status' | 'terms' | 'createdAt'>
}): Grant {
  const { subject, status, terms, createdAt } = fields
  return { id, subject, status, terms, createdAt }
}
