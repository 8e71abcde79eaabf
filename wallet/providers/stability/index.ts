export { stability } from './stability.ts'
