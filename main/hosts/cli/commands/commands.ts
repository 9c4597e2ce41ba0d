import { deviceChoice, precisionChoice } from '../../../api/engine.ts'
import { exportFormat, modelKind } from '../../../api/models.ts'
import type { Command } from '../terminal/command.ts'
import { storyHelp, storyOptions } from './library/story-options.ts'
import { datasetHelp, datasetOptions } from './training/dataset-options.ts'
import { evaluateHelp, evaluateOptions } from './training/evaluate-options.ts'
import { finetuneHelp, finetuneOptions } from './training/finetune-options.ts'

const string = { type: 'string' } as const
const flag = { type: 'boolean' } as const

const device: Command['help'][number] = [
  `--device ${deviceChoice.options.join('|')}`,
  'where the model runs (default: the setting, at first auto)',
]
const precision: Command['help'][number] = [
  `--precision ${precisionChoice.options.join('|')}`,
  'what the model computes in (default: the setting, at first auto)',
]
const model: Command['help'][number] = ['--model ID', 'the model to use (default: the one in use)']

const unlimited = Number.POSITIVE_INFINITY

export const globalOptions = { workspace: string, json: flag, help: { type: 'boolean', short: 'h' } } as const

export const globalHelp: Command['help'] = [
  ['--workspace DIR', "where everything is stored (default: the platform's data folder)"],
  ['--json', 'one JSON document on stdout and nothing else'],
  ['-h, --help', 'this text'],
]

/** The command line, one entry per command. */
export const commands: Command[] = [
  {
    name: 'index',
    usage: 'FOLDER…',
    summary: 'open folders of videos and compute their embeddings',
    options: { model: string, dense: flag, device: string, precision: string },
    positionals: { least: 1, most: unlimited },
    help: [model, ['--dense', 'also every few seconds, for moments and long alignments'], device, precision],
    load: async () => (await import('./library/index-command.ts')).indexFolders,
  },
  {
    name: 'search',
    usage: 'TEXT…',
    summary: 'rank videos by a paragraph, or moments by a sentence',
    options: { top: string, level: string, model: string, device: string, precision: string },
    positionals: { least: 1, most: unlimited },
    help: [
      ['--top K', 'how many results (default: 10)'],
      ['--level video|moment', 'what to rank (default: video)'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./library/search-command.ts')).search,
  },
  {
    name: 'tag',
    usage: '[VIDEO…] [--add TAG,…] [--remove TAG,…]',
    summary: 'give videos tags or take them away; without videos, list the tags in use',
    options: { add: string, remove: string },
    positionals: { least: 0, most: unlimited },
    help: [
      ['--add TAG,…', 'tags that these videos get'],
      ['--remove TAG,…', 'tags that these videos lose'],
    ],
    load: async () => (await import('./library/tag-command.ts')).tag,
  },
  {
    name: 'map',
    usage: '[--clips] [--method umap|pca] [--text TEXT] [--out FILE.csv|FILE.json]',
    summary: 'lay the library out in two dimensions, near what is similar, and list the points',
    options: {
      clips: flag,
      method: string,
      text: string,
      out: string,
      overwrite: flag,
      model: string,
      device: string,
      precision: string,
    },
    positionals: { least: 0, most: 0 },
    help: [
      ['--clips', 'a point for each clip of the dense pass (default: for each video)'],
      ['--method umap|pca', 'UMAP, or the first two principal components (default: umap)'],
      ['--text TEXT', 'also how similar each point is to this text'],
      ['--out FILE', 'write the points there, as CSV or JSON by its ending'],
      ['--overwrite', 'replace what is at FILE'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./library/map-command.ts')).mapLibrary,
  },
  {
    name: 'captions',
    usage: '[VIDEO] [--save [--overwrite] | --revert]',
    summary: 'captions as they were edited in the window; without a video, which are not saved',
    options: { save: flag, overwrite: flag, revert: flag },
    positionals: { least: 0, most: 1 },
    help: [
      ['--save', 'write them to the file beside the video'],
      ['--overwrite', 'also over a file that has changed since; a copy of it is kept'],
      ['--revert', 'take what the file says'],
    ],
    load: async () => (await import('./library/captions-command.ts')).captions,
  },
  {
    name: 'align',
    usage: 'VIDEO (--text TEXT | --captions FILE)',
    summary: 'compare every clip of a video with every sentence',
    options: { text: string, captions: string, model: string, device: string, precision: string },
    positionals: { least: 1, most: 1 },
    help: [
      ['--text TEXT', 'the paragraph'],
      ['--captions FILE', 'its sentences from a .txt, .srt, .vtt or .json file'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./library/align-command.ts')).align,
  },
  {
    name: 'attention',
    usage: 'VIDEO --stage S (--block B | --rollout)',
    summary: 'which frame attends to which, frame × frame',
    options: {
      stage: string,
      block: string,
      head: string,
      rollout: flag,
      model: string,
      device: string,
      precision: string,
    },
    positionals: { least: 1, most: 1 },
    help: [
      ['--stage S', 'stage of the encoder, counted from 0'],
      ['--block B', 'block of the stage, counted from 0'],
      ['--head H', 'one head, counted from 0 (default: mean of all)'],
      [
        '--rollout',
        'what has come into each frame by the end of the stage, over all blocks before (attention rollout)',
      ],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./library/attention-command.ts')).attention,
  },
  {
    name: 'ask',
    usage: 'VIDEO [QUESTION] [--answer TEXT…]',
    summary: 'ask a model a question about a video; without a question, which class it is of',
    options: { answer: { type: 'string', multiple: true }, evidence: flag, model: string, device: string },
    positionals: { least: 1, most: unlimited },
    help: [
      ['--answer TEXT', 'an answer to choose from; given several times'],
      ['--evidence', 'also how the answer changes when each eighth of the video is hidden'],
      ['--model ID', 'the model to ask (default: the only one made for such a question)'],
      device,
    ],
    load: async () => (await import('./library/ask-command.ts')).ask,
  },
  {
    name: 'model import',
    usage: '([WEIGHTS…] --config JSON|YAML | FOLDER | DUAL-ENCODER.json)',
    summary:
      'register a checkpoint, or any dual encoder given as ONNX files: a folder from Hugging Face, or a description',
    options: {
      config: string,
      variant: string,
      'bert-config': string,
      vocab: string,
      kind: string,
      name: string,
      init: { type: 'string', multiple: true },
      'resize-bias': string,
    },
    positionals: { least: 0, most: unlimited },
    help: [
      ['--config FILE', "the model's configuration, JSON or YAML"],
      ['--bert-config FILE', "the text encoder's configuration, JSON"],
      ['--vocab FILE', 'vocab.txt or tokenizer.json'],
      [`--kind ${modelKind.options.join('|')}`, 'which heads it has (default: guessed from its keys)'],
      ['--name ID', 'what to call it'],
      ['--variant V', 'of the ONNX files in FOLDER, as in fp16 or quantized (default: the plain ones)'],
      [
        '--init swin=FILE|bert=FILE|random=SEED|scaled=SEED',
        'where missing weights come from: a 2-D Swin transformer, BERT, random numbers for the rest; may be given several times',
      ],
      ['--resize-bias time|full', 'resize bias tables of windows that differ in time only, or in any axis'],
    ],
    load: async () => (await import('./models/model-command.ts')).importModel,
  },
  {
    name: 'model download',
    usage: '[ID | hf:OWNER/NAME[@REVISION]]',
    summary: 'list the published files, fetch one entry, or get a model of Hugging Face ready by its name',
    options: { variant: string },
    positionals: { least: 0, most: 1 },
    help: [['--variant V', 'of the ONNX files of such a model, as in fp16 or quantized (default: the plain ones)']],
    load: async () => (await import('./models/download-command.ts')).download,
  },
  {
    name: 'model list',
    usage: '',
    summary: 'the registered models',
    options: {},
    positionals: { least: 0, most: 0 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).listModels,
  },
  {
    name: 'model info',
    usage: 'ID',
    summary: 'one model in detail',
    options: {},
    positionals: { least: 1, most: 1 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).modelInfo,
  },
  {
    name: 'model verify',
    usage: 'FIXTURE [--case NAME…]',
    summary: 'compare the model code with numbers computed elsewhere',
    options: { case: { type: 'string', multiple: true }, device: string, precision: string },
    positionals: { least: 1, most: unlimited },
    help: [
      ['--case NAME…', 'only these cases'],
      ['--precision fp32|fp16', 'to compute in (default: fp32)'],
      [device[0], 'where to compute (default: cpu)'],
    ],
    load: async () => (await import('./models/model-command.ts')).verifyModel,
  },
  {
    name: 'model export',
    usage: 'ID --format F --out PATH',
    summary: 'write a model as a checkpoint or as ONNX programs',
    options: { format: string, out: string, precision: string, sentences: string, overwrite: flag },
    positionals: { least: 1, most: 1 },
    help: [
      [
        `--format ${exportFormat.options.join('|')}`,
        'the published state dict as PyTorch or safetensors, or a folder of ONNX programs',
      ],
      ['--out PATH', 'the file or folder to write'],
      ['--precision fp32|fp16', 'of the weights (default: fp32)'],
      ['--sentences M', 'of a question, for ONNX programs that answer (default: as in the published task)'],
      ['--overwrite', 'replace what is at PATH'],
    ],
    load: async () => (await import('./models/export-command.ts')).exportModel,
  },
  {
    name: 'model remove',
    usage: 'ID',
    summary: 'forget a model and its embeddings',
    options: {},
    positionals: { least: 1, most: 1 },
    help: [],
    load: async () => (await import('./models/model-command.ts')).removeModel,
  },
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
    summary: 'two evaluations on the queries and videos that both have',
    options: {},
    positionals: { least: 2, most: 2 },
    help: [],
    load: async () => (await import('./training/compare-command.ts')).compare,
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
  {
    name: 'devices',
    usage: '',
    summary: 'what the model can run on here, and why not on the rest',
    options: {},
    positionals: { least: 0, most: 0 },
    help: [],
    load: async () => (await import('./models/devices-command.ts')).devices,
  },
  {
    name: 'demo',
    usage: 'DIR [--stories N]',
    summary: 'make the demo library in a folder, or stories drawn from a seed',
    options: storyOptions,
    positionals: { least: 1, most: 1 },
    help: storyHelp,
    load: async () => (await import('./library/demo-command.ts')).demo,
  },
  {
    name: 'serve',
    usage: '',
    summary: 'serve the window to a browser and print its URL',
    options: { host: string, port: string, 'export-dir': string, model: string, device: string, precision: string },
    positionals: { least: 0, most: 0 },
    help: [
      ['--host HOST', 'address to listen on (default: 127.0.0.1)'],
      ['--port PORT', 'port to listen on (default: 4321, or a free one)'],
      ['--export-dir DIR', 'where the window may export to (default: exports in the workspace)'],
      model,
      device,
      precision,
    ],
    load: async () => (await import('./serve-command.ts')).serveWindow,
  },
]
