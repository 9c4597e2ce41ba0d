import { resolve } from 'node:path'
import { drawnSplit, limits } from '../../../../api/common/rules.ts'
import { datasetFormat, rowTask, textsRule } from '../../../../api/training/datasets.ts'
import type { DatasetChoice, SplitRule } from '../../../../api/training/datasets.ts'
import type { Command, OptionValues } from '../../terminal/command.ts'
import { choice, text, UsageError } from '../../terminal/command.ts'

/** Options that say how a labelled folder is read. */
export const datasetOptions = {
  task: { type: 'string' },
  videos: { type: 'string' },
  format: { type: 'string' },
  texts: { type: 'string' },
  draw: { type: 'string' },
  tier: { type: 'string', multiple: true },
  'frame-rate': { type: 'string' },
} as const

export const datasetHelp: Command['help'] = [
  [
    `--task ${rowTask.options.join('|')}`,
    'what is learned from the folder, or moments, which are only scored (default: what its rows are for)',
  ],
  ['--videos DIR', 'where the videos are, when they are not inside the folder'],
  [
    `--format ${datasetFormat.options.join('|')}`,
    'how the folder says what belongs to which video (default: found out)',
  ],
  [
    `--texts ${textsRule.options.join('|')}`,
    'what several texts of one video without times are: one paragraph, or a query each (default: as the format has it; in tables a query each)',
  ],
  [
    '--tier NAME',
    'a tier of ELAN whose annotations are the sentences; may be given several times (default: those that hang on no other)',
  ],
  ['--frame-rate RATE', 'frames a second of the project, for exports of Label Studio, which count in frames'],
  [
    '--draw SEED[,VALIDATION,TEST]',
    'draw the splits by video, with these fractions (0.1 each), instead of taking those given',
  ],
]

/** @throws UsageError. */
export function datasetOf(folder: string, values: OptionValues): DatasetChoice {
  const videos = text(values, 'videos')
  const tiers = Array.isArray(values.tier) ? values.tier.map(String) : []
  const frameRate = rateIn(text(values, 'frame-rate'))
  const texts = choice(values, 'texts', textsRule.options)
  return {
    folder: resolve(folder),
    videos: videos === undefined ? null : resolve(videos),
    format: choice(values, 'format', datasetFormat.options) ?? null,
    task: choice(values, 'task', rowTask.options) ?? null,
    split: drawn(text(values, 'draw')),
    ...(texts && { texts }),
    ...(tiers.length > 0 && { tiers }),
    ...(frameRate !== undefined && { frameRate }),
  }
}

/** Frames a second, as a number or a fraction; undefined where it is not given. @throws UsageError. */
export function rateIn(given: string | undefined): number | undefined {
  if (given === undefined) return undefined
  // 30000/1001 is how ffprobe has it.
  const [, frames = '', seconds = '1'] = /^(\d+(?:\.\d+)?)(?:\/([1-9]\d*))?$/.exec(given) ?? []
  const rate = Number(frames) / Number(seconds)
  if (rate > limits.frameRate.above && rate <= limits.frameRate.max) return rate
  throw new UsageError(`--frame-rate takes frames a second, as 25 or 30000/1001, not "${given}".`)
}

function drawn(given: string | undefined): SplitRule | null {
  if (given === undefined) return null
  const [, seed, validation = drawnSplit.validation, test = drawnSplit.test] =
    /^(\d{1,9})(?:,(0(?:\.\d+)?),(0(?:\.\d+)?))?$/.exec(given) ?? []
  if (seed === undefined || Number(validation) + Number(test) > limits.splitShare.max) {
    throw new UsageError(
      `--draw takes a seed, or a seed and two fractions of together at most ${limits.splitShare.max} as in 7,0.2,0.1, not "${given}".`,
    )
  }
  return { by: 'seeded', seed: Number(seed), validation: Number(validation), test: Number(test) }
}
