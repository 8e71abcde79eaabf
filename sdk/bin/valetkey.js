#!/usr/bin/env node
// npx valetkey create FOLDER: a small chat app on React and Vite that runs on the person's own AI keys.
// npx valetkey agent COMMAND: the wallet for people whose browser is not always open.
import { CreateError, createApp } from './create-app.js'

/** The first Node that has SQLite without a flag for long enough to be built on. */
const AGENT_NODE = 24

const [command, ...args] = process.argv.slice(2)
const [folder] = args

if (command === 'agent') await runAgent()
else if (command === 'create' && args.length === 1 && !folder.startsWith('-')) await create()
else {
  console.error('Usage: npx valetkey create FOLDER\n       npx valetkey agent COMMAND')
  process.exitCode = 2
}

async function create() {
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

async function runAgent() {
  const { node } = process.versions
  if (Number.parseInt(node, 10) < AGENT_NODE) {
    console.error(
      `The wallet needs Node ${AGENT_NODE} or newer, and this is ${node}. Nothing was changed.`,
    )
    process.exitCode = 2
    return
  }
  // It reads its own command from there.
  process.argv.splice(2, 1)
  await import('../agent/main.js')
}
