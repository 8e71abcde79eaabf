/** The watched names of the browser that a module touches, in order. @throws if it is no JavaScript */
export function touchedNames(code: string): string[]
