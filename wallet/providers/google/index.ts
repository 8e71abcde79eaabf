export { google } from './google.ts'
