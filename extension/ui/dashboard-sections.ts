import {
  AppWindow,
  ArrowLeftRight,
  ChartColumn,
  CodeXml,
  Info,
  KeyRound,
  MonitorSmartphone,
  ShieldCheck,
  type LucideIcon,
} from 'lucide-react'
import type { ComponentType } from 'react'
import { MESSAGES } from './messages.ts'
import { AboutSection } from './screens/about-section.tsx'
import { AppsSection } from './screens/apps-section.tsx'
import { DeveloperSection } from './screens/developer-section.tsx'
import { DevicesSection } from './screens/devices-section.tsx'
import { KeysSection } from './screens/keys-section.tsx'
import { SecuritySection } from './screens/security-section.tsx'
import { TransferSection } from './screens/transfer-section.tsx'
import { UsageSection } from './screens/usage-section.tsx'

/** A place of the dashboard: in its navigation, and under this name in the address. */
export interface DashboardSection {
  readonly id: string
  readonly title: string
  readonly icon: LucideIcon
  /** `item`: what stands after the section in the address (`#keys/…`), empty where nothing is open. */
  readonly Screen: ComponentType<{ readonly item: string }>
}

/** The places there are, in the order of the navigation. A new one is a line here and its screen. */
export const DASHBOARD_SECTIONS: readonly [DashboardSection, ...DashboardSection[]] = [
  { id: 'keys', title: MESSAGES.dashboard.sections.keys, icon: KeyRound, Screen: KeysSection },
  { id: 'apps', title: MESSAGES.dashboard.sections.apps, icon: AppWindow, Screen: AppsSection },
  {
    id: 'usage',
    title: MESSAGES.dashboard.sections.usage,
    icon: ChartColumn,
    Screen: UsageSection,
  },
  {
    id: 'devices',
    title: MESSAGES.dashboard.sections.devices,
    icon: MonitorSmartphone,
    Screen: DevicesSection,
  },
  {
    id: 'security',
    title: MESSAGES.dashboard.sections.security,
    icon: ShieldCheck,
    Screen: SecuritySection,
  },
  {
    id: 'transfer',
    title: MESSAGES.dashboard.sections.transfer,
    icon: ArrowLeftRight,
    Screen: TransferSection,
  },
  {
    id: 'developer',
    title: MESSAGES.dashboard.sections.developer,
    icon: CodeXml,
    Screen: DeveloperSection,
  },
  { id: 'about', title: MESSAGES.dashboard.sections.about, icon: Info, Screen: AboutSection },
]
