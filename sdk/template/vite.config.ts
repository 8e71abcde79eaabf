import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Relative addresses: the built app runs below any path, on any host that serves files.
export default defineConfig({ base: './', plugins: [react()] })
