export type { ReplyTranslator, StreamTranslator } from './chat-reply.ts'
export { toOpenAiError, unifiedErrorBody } from './error-reply.ts'
export { readUnifiedModel, servesChat, translateChat, type UnifiedModel } from './translate-chat.ts'
