/** The key pages of the providers, each at its own host: they know nothing of ValetKey. */
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { AnthropicKeys } from './anthropic.tsx'
import { GeneralKeys } from './general.tsx'
import { showGoogleKeys } from './google.ts'
import { GroqKeys } from './groq.tsx'
import { OpenAiKeys } from './openai.tsx'

const PAGES: Readonly<Record<string, () => ReactNode>> = {
  'platform.openai.com': () => <OpenAiKeys />,
  'platform.claude.com': () => <AnthropicKeys />,
  'console.groq.com': () => <GroqKeys />,
  'console.mistral.ai': () => <GeneralKeys copyOnly={false} />,
  'cloud.cerebras.ai': () => <GeneralKeys copyOnly />,
}

const root = document.getElementById('root')
// What only looks like a dashboard looks like OpenAI's.
const page = PAGES[location.hostname] ?? PAGES['platform.openai.com']
document.body.dataset['host'] = location.hostname
if (root && location.hostname === 'aistudio.google.com') showGoogleKeys(root)
else if (root && page) createRoot(root).render(<StrictMode>{page()}</StrictMode>)
