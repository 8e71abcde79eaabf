/** A call of the AI SDK as the body of a chat completion. */
import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  SharedV4Warning,
} from '@ai-sdk/provider'
import { readPrompt } from './prompt.ts'

export interface ChatBody {
  readonly body: Readonly<Record<string, unknown>>
  readonly warnings: SharedV4Warning[]
}

/** What one of ours is given under `providerOptions.valetkey` goes into the body as it stands. */
const OWN_OPTIONS = 'valetkey'

/** @throws UnsupportedFunctionalityError */
export function bodyOf(modelId: string, options: LanguageModelV4CallOptions): ChatBody {
  const { messages, warnings } = readPrompt(options.prompt)
  if (options.topK !== undefined) warnings.push({ type: 'unsupported', feature: 'topK' })
  const { tools, choice } = toolsOf(options, warnings)
  const body = {
    model: modelId,
    messages,
    [outputLimitName(modelId)]: options.maxOutputTokens,
    temperature: options.temperature,
    top_p: options.topP,
    presence_penalty: options.presencePenalty,
    frequency_penalty: options.frequencyPenalty,
    stop: options.stopSequences?.length ? options.stopSequences : undefined,
    seed: options.seed,
    response_format: formatOf(options.responseFormat),
    reasoning_effort: effortOf(options.reasoning),
    tools,
    tool_choice: choice,
    ...options.providerOptions?.[OWN_OPTIONS],
  }
  return { body, warnings }
}

/** OpenAI's newest models know one name alone, most that copied its format the other. */
function outputLimitName(modelId: string): string {
  return modelId.startsWith('openai/') ? 'max_completion_tokens' : 'max_tokens'
}

function formatOf(format: LanguageModelV4CallOptions['responseFormat']): object | undefined {
  if (format?.type !== 'json') return undefined
  if (!format.schema) return { type: 'json_object' }
  const { schema, description, name = 'response' } = format
  return { type: 'json_schema', json_schema: { name, schema, ...(description && { description }) } }
}

function effortOf(reasoning: LanguageModelV4CallOptions['reasoning']): string | undefined {
  if (reasoning === undefined || reasoning === 'provider-default') return undefined
  return reasoning === 'xhigh' || reasoning === 'max' ? 'high' : reasoning
}

function toolsOf(
  { tools = [], toolChoice }: LanguageModelV4CallOptions,
  warnings: SharedV4Warning[],
): { tools?: object[]; choice?: unknown } {
  const own = tools.filter((tool): tool is LanguageModelV4FunctionTool => tool.type === 'function')
  for (const tool of tools) {
    if (tool.type !== 'function') warnings.push({ type: 'unsupported', feature: `tool ${tool.id}` })
  }
  if (own.length === 0) return {}
  return {
    tools: own.map(({ name, description, inputSchema: parameters, strict }) => ({
      type: 'function',
      function: { name, description, parameters, strict },
    })),
    choice:
      toolChoice?.type === 'tool'
        ? { type: 'function', function: { name: toolChoice.toolName } }
        : toolChoice?.type,
  }
}
