/** Written anew for each app: its examples, by name. */
type Example = () => Promise<{ run: () => Promise<Readonly<Record<string, unknown>>> }>

export const modules: Readonly<Record<string, Example>> = {}
