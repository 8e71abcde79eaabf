export { openAiErrorBody, openAiStreamError } from '../formats/openai-errors.ts'
export { judgeByStatus as judgeOpenAiKeyCheck } from '../formats/key-check.ts'
