import type { Command } from '../terminal/command.ts'
import { device, flag, model, precision, string, unlimited } from './shared-options.ts'
import { datasetHelp, datasetOptions } from './training/dataset-options.ts'
import { evaluateHelp, evaluateOptions } from './training/evaluate-options.ts'
import { finetuneHelp, finetuneOptions } from './training/finetune-options.ts'

/** What is done with labelled data. */
export const trainingCommands: Command[] = [
  {
    name: 'finetune',
    usage: '(FOLDER --task T | --resume RUN | --export-job RUN --out DIR | --continue RUN --checkpoint FILE)',
    summary: 'train a model on a labelled folder; Ctrl+C pauses',
    options: {
      ...finetuneOptions,
      device: string,
      'export-job': string,
      out: string,
      overwrite: flag,
      continue: string,
      checkpoint: string,
    },
    positionals: { least: 0, most: 1 },
    help: [
      ...finetuneHelp,
      device,
      ['--export-job RUN --out DIR', 'write a run as a DeepSpeed job of the published code, for a cluster'],
      ['--overwrite', 'replace the job that is at DIR'],
      ['--continue RUN --checkpoint FILE', 'a new run that goes on from what such a job has written'],
    ],
    load: async () => (await import('./training/finetune-command.ts')).finetune,
  },
  {
    name: 'learn',
    usage: '[VIDEO…] [--name ID]',
    summary: 'train the projection of sentences on captions as they were corrected on the timeline, as a new model',
    options: { name: string, pass: string, model: string, device: string, precision: string },
    positionals: { least: 0, most: unlimited },
    help: [
      ['VIDEO…', 'whose captions are learnt from (default: every video whose captions were corrected)'],
      ['--name ID', 'of the new model (default: that of the model before it, and -corrected)'],
      ['--pass dense|overview', 'the clips that sentences are compared with (default: dense)'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./training/learn-command.ts')).learn,
  },
  {
    name: 'evaluate',
    usage: '(FOLDER | --from FILE [FOLDER])',
    summary: 'how well a model, or a file of predicted moments, does on a labelled folder',
    options: { ...evaluateOptions, model: string, device: string },
    positionals: { least: 0, most: 1 },
    help: [model, ...evaluateHelp, device],
    load: async () => (await import('./training/evaluate-command.ts')).evaluate,
  },
  {
    name: 'compare',
    usage: 'EVALUATION EVALUATION',
    summary: 'two evaluations on the queries and videos that both have, and who won which query',
    options: { resamples: string, seed: string },
    positionals: { least: 2, most: 2 },
    help: [
      ['--resamples N', 'of the bootstrap that makes the intervals of the differences (default: 5000)'],
      ['--seed N', 'what it draws from (default: 0)'],
    ],
    load: async () => (await import('./training/compare-command.ts')).compare,
  },
  {
    name: 'trace',
    usage: 'RUN QUERY',
    summary: 'one query over the checkpoints of a run: at which step it flipped',
    options: { gallery: string, bisect: flag, device: string },
    positionals: { least: 1, most: unlimited },
    help: [
      ['QUERY', 'the source of a row of its validation or test split, or words of its text that no other has'],
      ['--gallery N', 'videos that the right one is ranked among at most (default: 32)'],
      ['--bisect', 'only what halving needs to find where it flips, instead of every checkpoint'],
      device,
    ],
    load: async () => (await import('./training/trace-command.ts')).trace,
  },
  {
    name: 'dataset check',
    usage: 'FOLDER',
    summary: 'a dry run over a labelled folder: splits, labels, what is missing or broken',
    options: { ...datasetOptions, 'no-probe': flag, missing: string },
    positionals: { least: 1, most: 1 },
    help: [
      ...datasetHelp,
      ['--no-probe', 'do not open the videos'],
      [
        '--missing FILE',
        'write the videos that are missing or unreadable, one a line; if FILE is there, open only those it names',
      ],
    ],
    load: async () => (await import('./training/dataset-command.ts')).checkDataset,
  },
  {
    name: 'dataset export',
    usage: 'FOLDER|FILE --as csv|elan|label-studio --out PATH',
    summary:
      'write the parts of videos that a labelled folder tells of for an annotation tool, also back into its files',
    options: { ...datasetOptions, as: string, out: string, into: string, overwrite: flag },
    positionals: { least: 1, most: 1 },
    help: [
      ['--as csv|elan|label-studio', 'a table, a folder of sessions of ELAN, or tasks of Label Studio'],
      ['--out PATH', 'the file or folder to write'],
      [
        '--into PATH',
        'the session or sessions of ELAN, or the export of Label Studio, that the parts go back into; nothing else of them changes',
      ],
      ['--overwrite', 'replace what an export has written at PATH'],
      ...datasetHelp,
    ],
    load: async () => (await import('./training/export-annotations-command.ts')).exportAnnotationsCommand,
  },
  {
    name: 'dataset frames',
    usage: 'FOLDER --frame-rate RATE --out DIR',
    summary: 'make videos of folders of extracted frames (VIDEO_ID/000001.jpg), with the bytes of the pictures',
    options: { out: string, 'frame-rate': string, overwrite: flag },
    positionals: { least: 1, most: 1 },
    help: [
      ['--frame-rate RATE', 'frames a second at which they were extracted'],
      ['--out DIR', 'where the videos go, VIDEO_ID.mkv; those that are there already stay'],
      ['--overwrite', 'replace videos that are there'],
    ],
    load: async () => (await import('./training/frames-command.ts')).makeVideosOfFrames,
  },
  {
    name: 'dataset hd-vila',
    usage: 'METADATA… --out FILE',
    summary: 'make the pre-training rows of long videos from the metadata of HD-VILA-100M',
    options: { out: string, texts: { type: 'string', multiple: true }, overwrite: flag },
    positionals: { least: 1, most: unlimited },
    help: [
      ['--out FILE', 'the jsonl file to write'],
      ['--texts FILE', 'lines that give the text of clips, where the metadata does not; may be given several times'],
      ['--overwrite', 'replace what is at FILE'],
    ],
    load: async () => (await import('./training/dataset-command.ts')).makeLongVideos,
  },
]
