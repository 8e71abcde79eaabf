#!/usr/bin/env node
// npx valetkey create FOLDER: a small chat app on React and Vite that runs on the person's own AI keys.
import { CreateError, createApp } from './create-app.js'

const [command, folder, ...rest] = process.argv.slice(2)

if (command !== 'create' || folder === undefined || folder.startsWith('-') || rest.length > 0) {
  console.error('Usage: npx valetkey create FOLDER')
  process.exitCode = 2
} else {
  try {
    await createApp(folder)
    console.log(
      `${folder} is ready. Next:\n\n  cd ${folder}\n  npm install\n  npm run dev\n\nOpen the page in a browser with ValetKey.`,
    )
  } catch (error) {
    if (!(error instanceof CreateError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
