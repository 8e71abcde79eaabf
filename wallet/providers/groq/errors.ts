export { openAiErrorBody as groqErrorBody } from '../formats/openai-errors.ts'
export { openAiStreamError as groqStreamError } from '../formats/openai-errors.ts'
export { judgeByStatus as judgeGroqKeyCheck } from '../formats/key-check.ts'
