import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { ffmpegAbilities } from '../../main/media/ffmpeg/executables.ts'
import type { BenchResult, BenchRow } from './result.ts'

/**
 * Each part can be run alone: `npm run bench -- search`. A whole run writes BENCHMARKS.md; a part run on the same
 * machine on the same day replaces its section.
 */
const parts: Record<string, { title: string; run: () => Promise<BenchResult> }> = {
  sampling: { title: 'Sampling 32 frames', run: async () => (await import('./library/sampling.ts')).benchSampling() },
  transform: {
    title: 'Fast against exact sampling',
    run: async () => (await import('./library/transform.ts')).benchTransform(),
  },
  encoder: { title: 'Video encoder', run: async () => (await import('./engine/encoder.ts')).benchEncoder() },
  precision: {
    title: 'Full size by precision and device',
    run: async () => (await import('./engine/precision.ts')).benchPrecision(),
  },
  training: { title: 'Training', run: async () => (await import('./training/training.ts')).benchTraining() },
  ablation: { title: 'MTC and HTWA in small', run: async () => (await import('./engine/ablation.ts')).benchAblation() },
  loader: {
    title: 'Reading frames for training',
    run: async () => (await import('./training/loader.ts')).benchLoader(),
  },
  scan: { title: 'Scanning', run: async () => (await import('./library/scan.ts')).benchScan() },
  indexing: { title: 'Indexing', run: async () => (await import('./library/indexing.ts')).benchIndexing() },
  listing: { title: 'Pages of a library', run: async () => (await import('./library/listing.ts')).benchListing() },
  timeline: {
    title: 'Captions on the timeline',
    run: async () => (await import('./library/timeline.ts')).benchTimeline(),
  },
  map: { title: 'The map', run: async () => (await import('./library/map.ts')).benchMap() },
  ranks: { title: 'Ranks of an evaluation', run: async () => (await import('./library/ranks.ts')).benchRanks() },
  search: { title: 'Search', run: async () => (await import('./library/search.ts')).benchSearch() },
  million: { title: 'Search in a million', run: async () => (await import('./library/search.ts')).benchMillion() },
}

const target = join(import.meta.dirname, '../../BENCHMARKS.md')
/** Versions are pinned, so what package.json says is what runs. */
const { dependencies } = createRequire(import.meta.url)('../../package.json') as {
  dependencies: Record<string, string>
}

async function machine(): Promise<string> {
  const { version: ffmpeg } = await ffmpegAbilities()
  const facts = {
    Processor: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores available`,
    Memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    System: `${type()} ${release()}, Node ${process.versions.node}`,
    Versions: `onnxruntime-node ${dependencies['onnxruntime-node']}, @lancedb/lancedb ${dependencies['@lancedb/lancedb']}, ffmpeg ${ffmpeg.join('.')}`,
    Date: new Date().toISOString().slice(0, 10),
  }
  return Object.entries(facts)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join('\n')
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '—'
  return value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}

function table(rows: readonly BenchRow[]): string {
  const lines = rows.map(
    ({ name, value, unit, note }) => `| ${name} | ${number(value)}${unit === '' ? '' : ` ${unit}`} | ${note ?? ''} |`,
  )
  return ['| measured | value | note |', '|---|---:|---|', ...lines].join('\n')
}

const asked = process.argv.slice(2)
const unknown = asked.find(name => !(name in parts))
if (unknown !== undefined) {
  process.stderr.write(`There is no bench ‘${unknown}’; choose from ${Object.keys(parts).join(', ')}.\n`)
  process.exit(2)
}
const head = `# Benchmarks\n\nWritten by \`npm run bench\`. Ratios compare two measurements of the same run on the same machine.\n\n${await machine()}\n`
const written = await readFile(target, 'utf8').catch(() => '')
const sections = new Map(
  asked.length > 0 && written.startsWith(head)
    ? written
        .slice(head.length)
        .split(/\n(?=## )/)
        .filter(Boolean)
        .map(section => [/^## (.*)$/m.exec(section)?.[1] ?? '', section])
    : [],
)
for (const [name, { title, run }] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  process.stderr.write(`${title} …\n`)
  const section = `## ${title}\n\n${table((await run()).rows)}\n`
  process.stdout.write(`\n${section}`)
  sections.set(title, section)
}
// A part alone cannot speak for a machine that the rest was not measured on.
if (asked.length === 0 || written.startsWith(head)) {
  await writeFile(target, [head, ...Object.values(parts).flatMap(({ title }) => sections.get(title) ?? [])].join('\n'))
  process.stderr.write(`\nWritten to ${target}.\n`)
}
