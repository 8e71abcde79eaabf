/** What a wallet tells a server of a relayed call, signed and in order (design: protocols §3, formats §5b). */
import * as z from 'zod/mini'
import { hashText, idText, signatureText } from './wire-bytes.ts'

const amount = z.int().check(z.nonnegative())

/** Its names are those of the signed form. */
const receiptSchema = z.strictObject({
  /** The id of the relayed request. */
  req: idText,
  grant: idText,
  /** 1, 2, … of one device. */
  n: z.int().check(z.positive()),
  /** SHA-256 of the receipt before, canonical and with its `sig`; 32 zero bytes for the first. */
  prev_hash: hashText,
  provider: z.string().check(z.maxLength(64)),
  model: z.string().check(z.maxLength(128)),
  in: amount,
  out: amount,
  nano_usd: amount,
  /** By which rule it was charged. */
  source: z.string().check(z.maxLength(32)),
  status: z.int().check(z.minimum(0), z.maximum(999)),
})
export type Receipt = z.infer<typeof receiptSchema>

export const receiptsRequestSchema = z.strictObject({
  receipts: z
    .array(
      z.strictObject({
        receipt: receiptSchema,
        /** What the person shares of this grant's usage: a day's totals, or this call. */
        share: z.enum(['totals', 'calls']),
        sig: signatureText,
      }),
    )
    .check(z.minLength(1), z.maxLength(100)),
})
export type SignedReceipt = z.infer<typeof receiptsRequestSchema>['receipts'][number]

/**
 * `unknown`: this server relayed no such call of this grant (or wrote it down a moment later: send it again).
 * `replayed`: it has a receipt. `forged`: not signed by this device. `broken`: it does not follow the one before.
 */
const receiptOutcomeSchema = z.enum(['accepted', 'unknown', 'replayed', 'forged', 'broken'])
export type ReceiptOutcome = z.infer<typeof receiptOutcomeSchema>

export const receiptsReplySchema = z.strictObject({
  outcomes: z.array(z.strictObject({ req: idText, outcome: receiptOutcomeSchema })),
})
