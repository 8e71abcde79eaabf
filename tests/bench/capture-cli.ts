/* eslint-disable no-console -- a command line prints */
/**
 * npm run bench:capture -- CORPUS.json: precision and recall of key detection, for each provider, over a
 * labelled corpus; without a file, over the project's own.
 */
import { readFileSync } from 'node:fs'
import { dashboardOf, findKeys } from '@valetkey/wallet/capture'
import { createKeyCorpus, type CorpusEntry } from '@valetkey/wallet/testing'
import * as z from 'zod/mini'

const names = z.nullish(z.union([z.string(), z.array(z.string())]))
const corpusSchema = z.object({
  entries: z.array(
    z.object({
      ...{ id: z.string(), label: z.enum(['key', 'keys', 'negative']), text: z.string() },
      ...{ provider: names, kind: names, secret: names, host: z.nullish(z.string()) },
      ...{ storable: z.optional(z.boolean()), needsContext: z.optional(z.boolean()) },
    }),
  ),
})
type Entry = z.infer<typeof corpusSchema>['entries'][number]

interface Score {
  found: number
  missed: number
  wrong: number
}

const [file] = process.argv.slice(2)
const entries: readonly (Entry | CorpusEntry)[] =
  file === undefined
    ? createKeyCorpus('bench')
    : corpusSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).entries
const scores = new Map<string, Score>()
const faults: string[] = []
for (const entry of entries) judge(entry)
print()
process.exitCode = faults.length === 0 ? 0 : 1

/** What is found whole, with the right owner, kind and refusal; and found nowhere else. */
function judge(entry: Entry | CorpusEntry): void {
  const expected = expectedOf(entry)
  const host = entry.host ?? null
  const actual = foundIn(entry, host)
  for (const [provider, name] of expected) {
    const isFound = actual.some(([, one]) => one === name)
    scoreOf(provider)[isFound ? 'found' : 'missed'] += 1
    if (!isFound) faults.push(`${entry.id}: ${name} was not found`)
  }
  const known = new Set(expected.map(([, name]) => name))
  const wrong = actual.filter(([, name]) => !known.has(name))
  if (entry.needsContext === true) wrong.push(...foundIn(entry, null))
  for (const [provider, name] of wrong) {
    scoreOf(provider).wrong += 1
    faults.push(`${entry.id}: ${name} was found`)
  }
}

type Named = readonly [provider: string, name: string]

function expectedOf(entry: Entry | CorpusEntry): Named[] {
  const kinds = listed(entry.kind)
  const secrets = listed(entry.secret)
  return listed(entry.provider).map((provider, at) => {
    const end = secrets[at]?.slice(-4) ?? ''
    const use = entry.storable === false ? 'refused' : 'stored'
    return [provider, `${provider} ${kinds[at] ?? ''} …${end} ${use}`]
  })
}

function foundIn({ text }: Entry | CorpusEntry, host: string | null): Named[] {
  const named = host === null ? null : dashboardOf(`https://${host}`)
  return findKeys(text, named).map(({ provider, kind, end, storable }) => {
    const use = storable ? 'stored' : 'refused'
    return [provider, `${provider} ${kind} …${text.slice(end - 4, end)} ${use}`]
  })
}

function listed(value: string | readonly string[] | null | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : (value ?? [])
}

function scoreOf(provider: string): Score {
  const score = scores.get(provider) ?? { found: 0, missed: 0, wrong: 0 }
  scores.set(provider, score)
  return score
}

function print(): void {
  console.log(`${'provider'.padEnd(16)} precision  recall   keys`)
  for (const [provider, { found, missed, wrong }] of [...scores].sort()) {
    const precision = percent(found, found + wrong)
    const recall = percent(found, found + missed)
    console.log(
      `${provider.padEnd(16)} ${precision}  ${recall}  ${String(found + missed).padStart(5)}`,
    )
  }
  const negatives = entries.filter(({ label }) => label === 'negative').length
  console.log(`${String(entries.length)} texts, ${String(negatives)} of them without a key.`)
  for (const fault of faults) console.log(fault)
}

function percent(part: number, whole: number): string {
  return `${(whole === 0 ? 100 : (100 * part) / whole).toFixed(1)} %`.padStart(8)
}
