// Writes docs/errors.md from the error table. Run it after adding a code; a repo test compares the two.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './toolchain.mjs'

const { ERROR_TABLE } = await import('../wallet/protocol/error-table.ts')

const rows = Object.entries(ERROR_TABLE).map(
  ([code, { status, retryable, message, action }]) =>
    `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${message} | ${action} |`,
)
writeFileSync(
  join(ROOT, 'docs', 'errors.md'),
  `# Errors

One closed table (\`wallet/protocol/error-table.ts\`) serves ports, HTTP bodies, streams and the SDK. Codes are API: they
are added, never renamed. On a wire an error is \`{code, message, retryable, requestId, details?}\` and
nothing else. An app sees a refusal as a response of this status in its provider's own error shape, with
\`x-valetkey-error: CODE\` and \`x-should-retry: false\`.

| Code | Status | Retry helps | What happened | What to do |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`,
)
