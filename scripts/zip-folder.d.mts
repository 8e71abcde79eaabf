/** All files below a folder as one zip; the same files give the same bytes. */
export function zipFolder(folder: string): Uint8Array
