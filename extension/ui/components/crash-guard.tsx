import { Component, type ReactNode } from 'react'
import { MESSAGES } from '../messages.ts'
import { Notice } from './notice.tsx'

interface Props {
  readonly children: ReactNode
}

/** What a person sees when a window cannot be drawn, in place of an empty one. */
export class CrashGuard extends Component<Props, { readonly crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <main className="p-4">
        <Notice tone="stop" {...MESSAGES.crashed} />
      </main>
    )
  }
}
