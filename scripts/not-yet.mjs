// A command whose subject is not built yet says so, and succeeds: there is nothing to run.
const [name = 'This command'] = process.argv.slice(2)
console.log(`${name}: nothing to run yet.`)
