// `npm test`: what must hold, straight after a clone; of many cases that are alike it tries a few, and with `--all`
// (`npm run test:all`) all of them. Words behind `--` go to the test runner.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkNode, installPackages, root } from './prepare.mjs'
import { findChromium, installTools } from './test-tools.mjs'

const program = (...path) => join(root, 'node_modules', ...path)

/** Says what a check says when it ends, so that several can go on at once. */
function step(name, ...words) {
  const started = Date.now()
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => said.push(chunk))
  return new Promise(done => {
    child.once('close', code => {
      process.stdout.write(Buffer.concat(said))
      console.log(`${name}: ${code === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`)
      done(code === 0)
    })
  })
}

/** Each takes one core: half of them beside the other half. The build is alone: lint would read what it writes. */
async function runChecks() {
  const checks = await Promise.all([
    step('Format', program('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.').then(
      async format => [format, await step('Lint', program('eslint', 'bin', 'eslint.js'), '.')],
    ),
    step('Types', program('typescript', 'bin', 'tsc'), '-p', 'tsconfig.json').then(async types => [
      types,
      await step('Types of the window', program('vue-tsc', 'bin', 'vue-tsc.js'), '-p', 'renderer/tsconfig.json'),
    ]),
  ])
  return [...checks.flat(), await step('Build', join('build', 'prepare.mjs'), 'always')]
}

/** Counts of the test runner's report; a file that could not be loaded counts as one failed test. */
function count(report) {
  const unloaded = report.testResults.filter(
    file => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

function runTests(words, isWhole) {
  const folder = mkdtempSync(join(tmpdir(), 'lfvila-tests-'))
  const reportPath = join(folder, 'report.json')
  try {
    const result = spawnSync(
      process.execPath,
      [
        program('vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportPath}`,
        ...words,
      ],
      {
        cwd: root,
        stdio: 'inherit',
        env: {
          ...process.env,
          CHROMIUM_PATH: findChromium(),
          LFVILA_BUNDLES: join(root, 'out', 'main'),
          ...(isWhole ? { LFVILA_TESTS: 'all' } : {}),
        },
      },
    )
    const counted = count(JSON.parse(readFileSync(reportPath, 'utf8')))
    // An error outside of every test fails the run as well.
    return result.status !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
  } catch (error) {
    console.error(`The test runner left no report: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

checkNode()
installPackages()
installTools()
const checks = await runChecks()
const words = process.argv.slice(2).filter(word => word !== '--all')
const isWhole = process.argv.includes('--all')
const tests = runTests(words, isWhole)
const failedChecks = checks.filter(passed => !passed).length
if (failedChecks > 0) console.log(`Format, lint, types or build failed, see above; counted as ${failedChecks} failed.`)
if (!isWhole) console.log('Of many cases that are alike a few were tried; `npm run test:all` tries all of them.')
const failed = tests.failed + failedChecks
console.log(`${tests.passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)
