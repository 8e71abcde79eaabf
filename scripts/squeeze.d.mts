import type { Plugin } from 'vite'

export function createSqueeze(): Plugin
