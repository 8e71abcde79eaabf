import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ValetKeyProvider } from 'valetkey/react'
import { App } from './app.tsx'
import { PROVIDERS } from './models.ts'
import './style.css'

/** What the person is asked for, in one window of the wallet. */
const OPTIONS = { providers: PROVIDERS, budget: '2.00', reason: 'To write and answer with you.' }

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <ValetKeyProvider options={OPTIONS}>
        <App />
      </ValetKeyProvider>
    </StrictMode>,
  )
}
