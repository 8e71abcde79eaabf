/** The one function used of papaparse. Its published types would bring Node's globals into the engine. */
declare module 'papaparse' {
  interface Parsed {
    readonly data: readonly (readonly string[])[]
    readonly errors: readonly { readonly code: string; readonly row?: number }[]
  }
  const papaparse: {
    parse(
      text: string,
      options: { delimiter: string; newline: '\n'; quoteChar: '"'; header: false },
    ): Parsed
  }
  export default papaparse
}
