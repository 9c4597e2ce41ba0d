// `npm run hostile`: every mutated file that the readers must survive, not the quarter that `npm test` looks at.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './prepare.mjs'

const words = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'tests/fault/fuzz', ...process.argv.slice(2)]
const env = { ...process.env, LFVILA_MUTATIONS: 'all' }
process.exit(spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env }).status ?? 1)
