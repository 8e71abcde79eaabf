/**
 * The forms of every provider's keys, by themselves: scripts in pages look for keys, and need nothing else of
 * the catalogue.
 */
import type { ProviderId } from '../protocol/index.ts'
import { ANTHROPIC_KEY_PATTERNS } from './anthropic/keys.ts'
import { keyForm, refusedForm } from './formats/key-pattern.ts'
import { GOOGLE_KEY_PATTERNS } from './google/keys.ts'
import { GROQ_KEY_PATTERNS } from './groq/keys.ts'
import { OPENAI_KEY_PATTERNS } from './openai/keys.ts'
import type { KeyPattern } from './provider.ts'

export const KEY_PATTERNS: Readonly<Record<ProviderId, readonly KeyPattern[]>> = {
  openai: OPENAI_KEY_PATTERNS,
  anthropic: ANTHROPIC_KEY_PATTERNS,
  google: GOOGLE_KEY_PATTERNS,
  groq: GROQ_KEY_PATTERNS,
  openrouter: [keyForm('api-or-management', 'sk-or-v1-[0-9a-f]{64}', 'anywhere')],
  mistral: [
    keyForm('api', '[A-Za-z0-9]{32}', 'named'),
    refusedForm('realtime-token', 'rt_[A-Za-z0-9_-]{20,}'),
  ],
  xai: [
    refusedForm('management', 'xai-token-[A-Za-z0-9_-]{60,120}'),
    keyForm('api', 'xai-(?!token-)[A-Za-z0-9_-]{70,120}', 'anywhere'),
  ],
  deepseek: [keyForm('api', 'sk-[a-f0-9]{32}', 'named')],
  together: [
    keyForm('api', 'tgp_v1_[A-Za-z0-9_-]{43}', 'anywhere'),
    keyForm('legacy', '[a-f0-9]{64}', 'named'),
  ],
  fireworks: [
    keyForm('api', 'fw_[A-Za-z0-9]{24}', 'anywhere'),
    keyForm('api-tolerant', 'fw_[A-Za-z0-9]{20,48}', 'named'),
  ],
  cohere: [keyForm('api', '[A-Za-z0-9]{40}', 'named')],
  perplexity: [keyForm('api', 'pplx-[A-Za-z0-9]{48}', 'anywhere')],
  cerebras: [keyForm('api', 'csk-[a-z0-9]{48}', 'anywhere')],
  huggingface: [
    keyForm('user-access-token', 'hf_[A-Za-z0-9]{34}', 'anywhere'),
    refusedForm('org-token', 'api_org_[A-Za-z0-9]{34}'),
    refusedForm('oauth', 'hf_oauth_[A-Za-z0-9_.-]{30,}'),
  ],
  replicate: [
    keyForm('api', 'r8_[A-Za-z0-9]{37}', 'anywhere'),
    keyForm('legacy', '[a-f0-9]{40}', 'named'),
  ],
  elevenlabs: [
    keyForm('api', 'sk_[0-9a-f]{48}', 'anywhere'),
    keyForm('legacy', '[a-f0-9]{32}', 'named'),
  ],
  deepgram: [keyForm('api', '[a-f0-9]{40}', 'named')],
  fal: [
    keyForm(
      'api-or-admin',
      '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}:[0-9a-f]{32}',
      'anywhere',
    ),
  ],
  stability: [keyForm('api', 'sk-[A-Za-z0-9]{48}', 'named')],
  'azure-openai': [
    keyForm('api-84', '[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18}ACOG[A-Za-z0-9]{4}', 'anywhere'),
    keyForm('api-32', '[a-f0-9]{32}', 'named'),
  ],
  ollama: [keyForm('cloud', '[a-f0-9]{32}\\.[A-Za-z0-9_-]{24}', 'named')],
  lmstudio: [],
  moonshot: [
    keyForm('api', 'sk-[A-Za-z0-9_-]{48}', 'named'),
    // A subscription of the coding product; it opens nothing at these hosts.
    keyForm('kimi-code', 'sk-kimi-[A-Za-z0-9_-]{20,120}', 'anywhere'),
  ],
  zhipu: [keyForm('api', '[a-f0-9]{32}\\.[A-Za-z0-9]{16}', 'anywhere')],
  voyage: [keyForm('api', 'pa-[A-Za-z0-9_-]{43}', 'anywhere')],
  novita: [keyForm('api', 'sk_[A-Za-z0-9_-]{30,64}', 'named')],
  sambanova: [
    keyForm('api', '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'named'),
  ],
  nvidia: [keyForm('api', 'nvapi-[A-Za-z0-9_-]{60,70}', 'anywhere')],
  minimax: [keyForm('api', 'sk-api-[A-Za-z0-9_-]{119}', 'anywhere')],
  alibaba: [keyForm('api', 'sk-[a-f0-9]{32}', 'named')],
  jina: [keyForm('api', 'jina_[A-Za-z0-9]{60}', 'anywhere')],
  custom: [],
}
