export { ValetKeyError, isValetKeyError, type ErrorCode } from './valet-key-error.ts'
