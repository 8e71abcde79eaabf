import type { ProviderId } from '../../protocol/index.ts'

/** Billed by the page, the search or the second, jobs, paths whose model nothing tells: left out on purpose. */
export const LEFT_OUT: Readonly<Partial<Record<ProviderId, RegExp>>> = {
  google: /^\/v1beta\/interactions$/,
  mistral: /^\/v1\/ocr$/,
  perplexity: /^\/search$/,
  huggingface: /^\/(?!v1\/)(?![a-z0-9-]+\/v1\/)/,
  novita: /^\/v3\/(?!openai\/)/,
  nvidia: /^\/v1\/(?:genai|retrieval|ranking)/,
}
