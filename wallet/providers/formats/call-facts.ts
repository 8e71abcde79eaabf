import type { CallFacts } from '../provider.ts'
import type { Survey } from './survey.ts'

/** What a reader of one API adds to a survey of the body. */
export interface FactsOfCall {
  readonly path: string
  readonly survey: Survey
  readonly model: string | null
  readonly stream?: boolean
  readonly outputLimit: number | null
  readonly choices?: number
  readonly messages?: number
  readonly tools?: number
}

export function callFacts(from: FactsOfCall): CallFacts {
  const { textBytes, images, files, needs, unbounded } = from.survey
  return {
    path: from.path,
    model: from.model,
    needs: [...needs],
    stream: from.stream ?? false,
    outputLimit: from.outputLimit,
    choices: from.choices ?? 1,
    input: { textBytes, messages: from.messages ?? 0, tools: from.tools ?? 0, images, files },
    unbounded,
  }
}

/** A call without a body that costs nothing: listing models. */
export function factsWithoutBody(path: string): CallFacts {
  return callFacts({
    path,
    survey: { textBytes: 0, images: 0, files: 0, needs: new Set(), unbounded: false },
    model: null,
    outputLimit: 0,
  })
}
