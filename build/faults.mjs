// `npm run faults`: what is killed at random moments, two hundred times instead of the five of `npm test`, what else
// disturbs each of five kinds of work, and every test of what dies or is full. LFVILA_KILLS is how often each is killed
// and the twentieth of how often the power fails, LFVILA_SEED draws when.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildBundles, root } from './prepare.mjs'

if (!buildBundles()) process.exit(1)

const words = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'tests/fault', ...process.argv.slice(2)]
const env = {
  ...process.env,
  LFVILA_KILLS: process.env.LFVILA_KILLS ?? '42',
  LFVILA_SEED: process.env.LFVILA_SEED ?? '1',
  LFVILA_BUNDLES: join(root, 'out', 'main'),
}
process.exit(spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit', env }).status ?? 1)
