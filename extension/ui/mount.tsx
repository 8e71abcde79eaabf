import './styles.css'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { CrashGuard } from './components/crash-guard.tsx'

/** Draws a screen into the page's root element. */
export function mount(screen: ReactNode): void {
  const root = document.getElementById('root')
  if (!root) throw new TypeError('the page has no #root')
  createRoot(root).render(
    <StrictMode>
      <CrashGuard>{screen}</CrashGuard>
    </StrictMode>,
  )
}
