/**
 * What the contract allows, as plain data: the schemas beside it are made of these lists and limits, and the window,
 * which takes no other value from `main`, fills its fields from them.
 */

/** Numbers that a field takes. `above`: greater than it, not equal. */
export interface Limits {
  readonly whole?: boolean
  readonly min?: number
  readonly above?: number
  readonly max?: number
}

const share = { min: 0, max: 0.9 } as const
const positive = { above: 0 } as const
const notNegative = { min: 0 } as const
const countFromZero = { whole: true, min: 0 } as const
const countFromOne = { whole: true, min: 1 } as const

export const limits = {
  /** Frames a second. */
  denseRate: { min: 0.1, max: 30 },
  /** Frames a second. */
  frameRate: { above: 0, max: 1000 },
  /** Of a video or a span of it. */
  seconds: notNegative,
  /** Pixels of the shorter side. */
  pictureLines: notNegative,
  /** Bytes. */
  frameCache: { whole: true, min: 0, max: Number.MAX_SAFE_INTEGER },
  initialSeed: countFromZero,
  splitSeed: countFromZero,
  splitShare: share,
  epochs: { whole: true, min: 1, max: 10_000 },
  batchSize: { whole: true, min: 1, max: 4096 },
  microBatchSize: countFromOne,
  learningRate: { above: 0, max: 1 },
  weightDecay: { min: 0, max: 1 },
  warmupEpochs: notNegative,
  decayEpochs: positive,
  decayRate: { above: 0, max: 1 },
  minimumRate: notNegative,
  clipNorm: positive,
  labelSmoothing: share,
  clips: countFromOne,
  videoStages: countFromZero,
  textLayers: countFromZero,
  rank: { whole: true, min: 1, max: 256 },
  alpha: positive,
  runSeed: { whole: true, min: 0, max: 0xffff_ffff },
  validateEvery: positive,
  patience: countFromOne,
  searchResults: { whole: true, min: 1, max: 500 },
  /** Of a figure, in millimetres or pixels; dots per inch; points. */
  figureLength: { min: 10, max: 20_000 },
  figureResolution: { min: 36, max: 2400 },
  figureFont: { min: 3, max: 72 },
  softmaxTemperature: { above: 0, max: 100 },
  /** Edited texts and cut videos that may be tried before a ranking flips. */
  flipTexts: { whole: true, min: 0, max: 5000 },
  flipVideos: { whole: true, min: 0, max: 500 },
  /** Videos that a query is ranked among at each checkpoint. */
  traceGallery: { whole: true, min: 2, max: 1000 },
  /** Of a bootstrap. */
  resamples: { whole: true, min: 100, max: 100_000 },
} as const satisfies Readonly<Record<string, Limits>>

/** Characters. */
export const longestRunName = 100
export const longestFontName = 100
export const longestReportTitle = 300

/** Kinds of model that are asked a question, or for a class. */
export const answeringKinds = ['qa-multichoice', 'qa-classification', 'video-classification'] as const

/** Kinds of model that read text and video together, so that words attend to frames and frames to words. */
export const crossModalKinds = ['pretrain-stage2', 'qa-multichoice', 'qa-classification'] as const

/** To choose from, of one question. */
export const mostAnswers = 20

/** `system`: the first that the system asks for and the window has. */
export const languages = ['system', 'en', 'zh'] as const
/** Those that the window and a report have words in. */
export const wordLanguages = ['en', 'zh'] as const
/** Bytes of a whole report, by which it still goes by mail. */
export const largestReport = 20_000_000
export const themes = ['system', 'dark', 'light', 'contrast'] as const
export const samplings = ['fast', 'exact'] as const
export const deviceChoices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
/** Those that can be asked for; int7 stands in for int8 by itself. */
export const chosenPrecisions = ['fp32', 'fp16', 'int8'] as const
export const precisionChoices = ['auto', ...chosenPrecisions] as const
/** Those that weights are written and compared in. */
export const weightPrecisions = ['fp32', 'fp16'] as const

/** Of the log, from the least to the most serious. */
export const logLevels = ['debug', 'info', 'warning', 'error'] as const
/** `skipped`: there was nothing left to do. */
export const jobStates = ['queued', 'running', 'succeeded', 'skipped', 'failed', 'cancelled'] as const
export const runStates = ['queued', 'running', 'paused', 'finished', 'stopped', 'cancelled', 'failed'] as const
export const evaluationStates = ['queued', 'running', 'finished', 'cancelled', 'failed'] as const
/** Who won a query of two evaluations. */
export const comparisonOutcomes = ['first', 'second', 'equal'] as const
/** `lost`: those first that the second lost most of; the others by what one of them has, the worst first. */
export const pairOrders = ['lost', 'won', 'first', 'second'] as const
/** Of jobs, runs and evaluations: not at an end, and not at rest either. */
const statesAtWork: readonly string[] = ['queued', 'running'] satisfies (typeof jobStates)[number][]
export const isAtWork = (state: string): boolean => statesAtWork.includes(state)
const statesWhenDone: readonly string[] = ['succeeded', 'skipped'] satisfies (typeof jobStates)[number][]
/** Whether what a job was asked for is there, whoever did it. */
export const isDone = (state: string): boolean => statesWhenDone.includes(state)
/** Those in which a run can go on from its last checkpoint. */
export const resumableStates: readonly (typeof runStates)[number][] = ['paused', 'failed', 'stopped']

export const videoStates = ['new', 'ready', 'failed', 'missing'] as const
export const videoFilters = ['all', 'indexed', 'not-indexed', 'failed'] as const
/** Each can be turned round. `similar`: to a video; `score`: of a text; `evaluation`: how videos did in one. */
export const videoOrders = [
  'name',
  'newest',
  'longest',
  'shortest',
  'added',
  'largest',
  'resolution',
  'rate',
  'captions',
  'similar',
  'score',
  'evaluation',
] as const
/** Characters of a tag, and of the name of a view or a search. */
export const longestTag = 64
export const longestViewName = 100
/** Bytes of a file that is searched with, and of one part of it on its way. */
export const largestUpload = 512_000_000
export const uploadPart = 1_500_000
/** Searches that are remembered without a name. */
export const rememberedSearches = 100
/** Of which a figure can say where they come from. */
export const mostProvenanceVideos = 500

export const passes = ['dense', 'overview'] as const
/** What is changed until a ranking flips, in which ways, and how such a search ends. */
export const flipSubjects = ['text', 'clips'] as const
export const flipEdits = ['drop-word', 'replace-word', 'drop-sentence', 'remove-clip'] as const
export const flipEnds = ['flipped', 'stuck', 'limit'] as const
export const searchLevels = ['video', 'moment'] as const
/** What the points of a map are. */
export const mapSubjects = ['videos', 'clips'] as const

export const tasks = [
  'retrieval',
  'qa-classification',
  'qa-multichoice',
  'video-classification',
  'pretrain-stage1',
  'pretrain-stage2',
] as const
/**
 * What the rows of a folder are for: what is learned from them, and `moments`, which models that embed videos and texts
 * are scored by without having learned it.
 */
export const rowTasks = [...tasks, 'moments'] as const
/** Formats of folders that are published for moments, and have something to be learned from as well. */
export const momentFormats: readonly string[] = ['moments', 'charades-sta']
/** Those whose loss draws negatives in time (MTC). */
export const tasksWithNegatives: readonly (typeof tasks)[number][] = ['pretrain-stage1', 'pretrain-stage2']
export const modelKinds = [
  'retrieval',
  'pretrain-stage1',
  'pretrain-stage2',
  'qa-classification',
  'qa-multichoice',
  'video-classification',
] as const

export const splits = ['train', 'validation', 'test'] as const
/**
 * The first of them that has rows is evaluated, unless another is asked for; the training split only when it is asked
 * for.
 */
export const splitsToEvaluate = ['test', 'validation', 'train'] as const
/** Several texts of one video: a query each, or together a paragraph. */
export const textsRules = ['queries', 'paragraph'] as const
export const splitRules = ['given', 'seeded'] as const
/** How splits are drawn where nobody says otherwise. */
export const drawnSplit = { by: 'seeded', seed: 0, validation: 0.1, test: 0.1 } as const
export const tieRules = ['average', 'reference'] as const
/** Characters of a certificate: that of a million rows has fewer. */
export const longestCertificate = 500_000_000
/**
 * Published protocols of evaluation by the names that they are asked by: what they are called, and of what task. Their
 * numbers are in `main/training/evaluation/protocols`.
 */
export const protocols = {
  'activitynet-val1': { title: 'ActivityNet Captions val1', task: 'retrieval' },
  'activitynet-val2': { title: 'ActivityNet Captions val2', task: 'retrieval' },
  'didemo-test': { title: 'DiDeMo test', task: 'retrieval' },
  'msr-vtt-1ka': { title: 'MSR-VTT 1k-A', task: 'retrieval' },
  'msr-vtt-full': { title: 'MSR-VTT full test', task: 'retrieval' },
  'msvd-test': { title: 'MSVD test', task: 'retrieval' },
  'lsmdc-test': { title: 'LSMDC test', task: 'retrieval' },
  'vatex-test': { title: 'VATEX test of 1,500', task: 'retrieval' },
  'condensed-movies-test': { title: 'Condensed Movies test', task: 'retrieval' },
  'qvhighlights-val': { title: 'QVHighlights val', task: 'moments' },
  'charades-sta-test': { title: 'Charades-STA test', task: 'moments' },
  'tacos-test': { title: 'TACoS test', task: 'moments' },
  'activitynet-val1-moments': { title: 'ActivityNet Captions val1 (moments)', task: 'moments' },
  'activitynet-qa-val': { title: 'ActivityNet-QA val', task: 'qa-classification' },
  'activitynet-qa-test': { title: 'ActivityNet-QA test', task: 'qa-classification' },
  'how2qa-val': { title: 'How2QA val', task: 'qa-multichoice' },
  'how2qa-test-public': { title: 'How2QA public test', task: 'qa-multichoice' },
  'next-qa-val': { title: 'NExT-QA val', task: 'qa-multichoice' },
  'next-qa-test': { title: 'NExT-QA test', task: 'qa-multichoice' },
  'egoschema-subset': { title: 'EgoSchema subset', task: 'qa-multichoice' },
  'egoschema-full': { title: 'EgoSchema full', task: 'qa-multichoice' },
} as const satisfies Readonly<Record<string, { title: string; task: (typeof rowTasks)[number] }>>
export type ProtocolName = keyof typeof protocols
export const protocolNames = Object.keys(protocols) as ProtocolName[]
/** Similarities of texts and videos that are kept in memory at most: 256 MiB of float64. */
export const keptSimilarities = 2 ** 25
export const recalls = ['r1', 'r5', 'r10', 'r50'] as const
/** Least temporal overlaps (IoU) at which a predicted window is right. */
export const overlapThresholds = ['0.5', '0.55', '0.6', '0.65', '0.7', '0.75', '0.8', '0.85', '0.9', '0.95'] as const
/** Recall of the window that is listed first. */
export const momentRecalls = ['r1@0.5', 'r1@0.7'] as const
/** Moments by their length: to 10 s, 30 s and 150 s, and all. */
export const momentLengths = ['short', 'middle', 'long', 'full'] as const
/** From what rating on a clip is a highlight. */
export const highlightLevels = ['fair', 'good', 'veryGood'] as const
/** What the time probe does to a video's frames, and to what is said of it. */
export const frameVariants = ['reversed', 'shuffled', 'repeated'] as const
export const textVariants = ['sentences-reversed', 'clauses-swapped'] as const
/** Chance that a split as uneven comes about by itself, below which the time probe says that the model notices. */
const noticedBelow = 0.01

interface SplitOfChange {
  readonly variant: string
  readonly worse: number
  readonly better: number
  readonly chance: number
}

/** The changes of the frames' order by which queries became worse more often than chance would have it. */
export function noticedOrders<Change extends SplitOfChange>(variants: readonly Change[]): Change[] {
  return ordersOf(variants).filter(({ worse, better, chance }) => worse > better && chance < noticedBelow)
}

/** Whether no query ranks otherwise when the order of the frames is another. */
export function isOrderUnused(variants: readonly SplitOfChange[]): boolean {
  return ordersOf(variants).every(({ worse, better }) => worse + better === 0)
}

/** One frame repeated shows something else than all frames in another order. */
function ordersOf<Change extends SplitOfChange>(variants: readonly Change[]): Change[] {
  return variants.filter(({ variant }) => variant === 'reversed' || variant === 'shuffled')
}

/** Which weights a run changes. */
export const trainableParts = ['all', 'heads', 'last', 'lora'] as const
export const scheduleKinds = ['linear', 'cosine', 'step'] as const
export const negativeRules = ['reference', 'corrected'] as const
/** Tasks whose loss compares the examples of a batch with one another. */
export const tasksWithContrast: readonly (typeof tasks)[number][] = ['retrieval', 'pretrain-stage1']
export const contrastRules = ['batch', 'micro-batch'] as const
/** What the published configurations have in common. */
export const publishedParameters = {
  microBatchSize: null,
  learningRate: 5e-5,
  weightDecay: 0.05,
  clipNorm: null,
  labelSmoothing: 0,
  stochastic: true,
  augment: true,
  negatives: 'reference',
  contrast: 'batch',
} as const
/** The published step schedule, for a run whose preset has another one. */
export const publishedSteps = { decayEpochs: 5, decayRate: 0.25 } as const
/** What a run has unless it is told otherwise. */
export const usualRun = { what: 'all', seed: 0, validateEvery: 1, patience: null } as const
/** Alpha is usually so many times the rank of the additions. */
export const alphaPerRank = 2

export const fileRoles = ['weights', 'swin', 'bert', 'config', 'bertConfig', 'vocabulary'] as const
/** Files that an import can begin with. */
export const rolesOfWeights: readonly (typeof fileRoles)[number][] = ['weights', 'swin', 'bert']
/** What the names of files end in that an import reads for each of its parts. */
export const importExtensions = {
  weights: ['bin', 'pt', 'pth', 'safetensors', 'zip', 'json'],
  config: ['json', 'yaml', 'yml'],
  bertConfig: ['json'],
  vocabulary: ['txt', 'json'],
  swin: ['pth', 'pt', 'bin'],
  bert: ['bin', 'pt', 'safetensors'],
  /** Of a checkpoint that a job elsewhere wrote. */
  continuation: ['bin', 'pt', 'pth'],
} as const satisfies Readonly<Record<(typeof fileRoles)[number] | 'continuation', readonly string[]>>
export const randomStarts = ['published', 'scaled'] as const
export const biasResizes = ['time', 'full'] as const
/** How a weight of an imported model came about. */
export const weightOrigins = ['taken', 'extended', 'resized', 'initialised'] as const
/** In which annotation tools take what a labelled folder tells of. */
export const annotationForms = ['csv', 'elan', 'label-studio'] as const
/** What the tiers of a video are written as. */
export const tierForms = ['elan', 'label-studio', 'csv', 'json'] as const
export const exportFormats = ['torch', 'safetensors', 'onnx'] as const

/** What is done to the sentences of a video, by which the steps that can be undone are called. */
export const captionEdits = [
  'create',
  'move',
  'resize',
  'times',
  'text',
  'split',
  'merge',
  'delete',
  'propose',
  'revert',
] as const
export const mostSentences = 20_000
/** Tiers of one video, and letters in the name of one. */
export const mostTiers = 50
export const longestTierName = 200
/** Steps that can be undone, and as many again. */
export const rememberedEdits = 200
/**
 * Why captions were not written as they came. `rolling`: every phrase stands in the file several times. `format`: the
 * file's format cannot say all of it, as times in a text. `encoding`: the file's encoding has not all of the signs.
 */
export const captionRemarks = ['rolling', 'format', 'encoding'] as const
