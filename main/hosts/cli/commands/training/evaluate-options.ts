import { protocolNames } from '../../../../api/common/rules.ts'
import { split } from '../../../../api/training/datasets.ts'
import type { Command } from '../../terminal/command.ts'
import { datasetHelp, datasetOptions } from './dataset-options.ts'

/** Options that say what is evaluated of a labelled folder, and what is written of it. */
export const evaluateOptions = {
  ...datasetOptions,
  split: { type: 'string' },
  protocol: { type: 'string' },
  ties: { type: 'string' },
  'no-alignment': { type: 'boolean' },
  'time-probe': { type: 'boolean' },
  'probe-seed': { type: 'string' },
  certificate: { type: 'string' },
  predictions: { type: 'string' },
  'predictions-out': { type: 'string' },
  overwrite: { type: 'boolean' },
  from: { type: 'string' },
  originals: { type: 'string' },
  'dual-softmax': { type: 'boolean' },
  batch: { type: 'string' },
} as const

export const evaluateHelp: Command['help'] = [
  [`--split ${split.options.join('|')}`, 'which rows (default: test, else validation)'],
  [
    `--protocol ${protocolNames.join('|')}`,
    'the rows of a published protocol, and a refusal where the folder is something else (default: found out)',
  ],
  [
    '--ties average|reference',
    'equal scores count once, at their mean rank, or at every rank they cover as in the published code',
  ],
  ['--no-alignment', 'do not locate sentences that have times, which takes a dense pass over every video'],
  [
    '--time-probe',
    'evaluate again with frames reversed, shuffled, one repeated, and texts turned round: whether the model uses time',
  ],
  ['--probe-seed N', 'what frames are shuffled from (default: 0)'],
  ['--certificate FILE', 'write all that is needed to evaluate again, as JSON'],
  [
    '--predictions FILE',
    'score the moments that a file predicts, in the form of QVHighlights, instead of asking a model; no video is needed',
  ],
  ['--predictions-out FILE', 'write the predicted moments in that form'],
  ['--overwrite', 'replace what is at FILE'],
  [
    '--from FILE',
    'evaluate what a certificate says, and say whether the same came out; FOLDER, when the data lies elsewhere now',
  ],
  ['--originals DIR', 'the originals of videos that are copies, by their names: embeddings of up to 20 are compared'],
  [
    '--dual-softmax',
    'dual softmax also of more similarities than are kept in memory (33 million), which are then computed twice more',
  ],
  ['--batch N', 'examples of a batch, for the mean over batches that the published code reports (default: 16)'],
  ...datasetHelp,
]
