import * as z from 'zod/mini'
import { PROVIDER_IDS } from './provider-ids.ts'

export const providerIdSchema = z.enum(PROVIDER_IDS)
