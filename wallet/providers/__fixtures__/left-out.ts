import type { ProviderId } from '../../protocol/index.ts'

/**
 * Billed by the page, the search or the second, jobs, paths whose model nothing tells, methods no endpoint
 * has: `METHOD /path` of what the collection names and the catalogue leaves out on purpose.
 */
export const LEFT_OUT: Readonly<Partial<Record<ProviderId, RegExp>>> = {
  google: /^POST \/v1beta\/interactions$/,
  mistral: /^POST \/v1\/ocr$/,
  perplexity: /^POST \/search$/,
  huggingface: /^POST \/(?!v1\/)(?![a-z0-9-]+\/v1\/)/,
  replicate: /^QUERY /,
  elevenlabs: /^GET \/v1\/text-to-speech\//,
  deepgram: /^GET \/v1\/speak$/,
  fal: /^(?:PUT |POST \/storage\/)/,
  stability: /^POST \/v2beta\/3d\//,
  lmstudio: /^POST \/api\/v[01]\/chat$/,
  novita: /^POST \/v3\/(?!openai\/)/,
  nvidia: /^POST \/v1\/(?:genai|retrieval|ranking)/,
}
