/** The words of the dashboard's frame. */
export const DASHBOARD_WORDS = {
  open: 'Dashboard',
  nav: 'Dashboard',
  lock: 'Lock',
  tabTitle: (section: string) => `${section} · ValetKey`,
  sections: {
    keys: 'Keys',
    apps: 'Apps',
    usage: 'Usage',
    devices: 'Devices',
    transfer: 'Import and export',
    security: 'Security',
    developer: 'Developer',
    about: 'About',
  },
} as const
