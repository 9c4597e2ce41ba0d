/**
 * A folder and the folders in it, each of which may import from those before it and from none behind. `.` stands for
 * the files that lie in the folder itself.
 */
export interface Room {
  readonly path: string
  readonly order: readonly string[]
}

/** The order of the house, which lint enforces: whoever adds a folder gives it its place here. */
export const rooms: readonly Room[] = [
  { path: '', order: ['native-models', 'main', 'renderer', 'tests'] },
  {
    path: 'native-models',
    order: ['.', 'graph', 'lfvila', 'starter', 'checkpoints', 'tokenizer', 'programs', 'training'],
  },
  { path: 'native-models/checkpoints', order: ['files', 'safetensors', 'torch', 'initialisation', '.'] },
  { path: 'native-models/lfvila', order: ['configuration', 'layers', 'losses', 'video', 'text', 'models'] },
  {
    path: 'main',
    order: [
      'api',
      'processes',
      'text',
      'storage',
      'jobs',
      'engine',
      'reading-process',
      'model-folder',
      'programs',
      'media',
      'models',
      'downloads',
      'library',
      'retrieval',
      'map',
      'inspect',
      'report',
      'training',
      'learning',
      'tiers',
      'questions',
      'words',
      'verify',
      'workers',
      'diagnostics',
      'workbench',
      'hosts',
    ],
  },
  { path: 'main/engine', order: ['.', 'devices'] },
  { path: 'main/storage', order: ['files', '.'] },
  {
    path: 'main/media',
    order: [
      '.',
      'ffmpeg',
      'containers',
      'timeline',
      'probing',
      'sampling',
      'frame-store',
      'sampling-thread',
      'playback',
      'demo',
    ],
  },
  { path: 'main/api', order: ['common', 'library', 'inspection', 'training', 'evaluation', '.'] },
  { path: 'main/media/containers', order: ['.', 'codecs', 'iso', 'matroska', 'avi', 'packets'] },
  { path: 'main/media/probing', order: ['ffprobe', 'listed', 'measured', '.'] },
  { path: 'main/media/demo', order: ['painting', 'telling', 'stories', 'writing', '.'] },
  { path: 'main/models', order: ['encoders', 'hub-folder', 'parity-check', 'import', 'registry', 'export'] },
  { path: 'main/downloads', order: ['transfer', 'hub', '.'] },
  { path: 'main/library', order: ['captions', 'folders', 'curation', 'videos', 'editing', 'scanning'] },
  { path: 'main/library/captions', order: ['.', 'writing'] },
  { path: 'main/report', order: ['page', '.'] },
  { path: 'main/map', order: ['projection', '.'] },
  { path: 'main/retrieval/vectors', order: ['scan', '.'] },
  { path: 'main/retrieval', order: ['vectors', 'embedding', 'indexing', 'search', 'why-not'] },
  {
    path: 'main/training',
    order: ['data', 'steps', 'metrics', 'moments', 'probing', 'runs', 'evaluation', 'tracing', 'deepspeed'],
  },
  { path: 'main/training/evaluation', order: ['protocols', 'results', 'conditions', 'certificates', 'asking', '.'] },
  { path: 'main/training/runs', order: ['folder', 'loop', '.'] },
  {
    path: 'main/training/data',
    order: ['files', 'extracted-frames', 'examples', 'hd-vila', 'formats', 'datasets', 'annotation-tools', 'batches'],
  },
  { path: 'main/training/data/datasets', order: ['rows', '.'] },
  {
    path: 'main/training/data/formats',
    order: ['reading', 'tables', 'table-files', 'released', 'lists', 'tools', '.'],
  },
  { path: 'main/training/data/formats/released', order: ['questions', '.'] },
  { path: 'main/workbench', order: ['notices', 'exports', 'settings', '.'] },
  { path: 'main/hosts', order: ['.', 'server', 'cli', 'electron'] },
  { path: 'main/hosts/electron', order: ['processes', 'protocols', 'window', '.'] },
  { path: 'main/hosts/cli', order: ['terminal', 'commands', '.'] },
  { path: 'main/hosts/cli/commands', order: ['library', 'models', 'training', 'workers', '.'] },
  { path: 'renderer', order: ['locale', 'client', 'stores', 'composables', 'ui', 'charts', 'features', 'shell', '.'] },
  { path: 'renderer/charts', order: ['.', 'arrays', 'figure', 'matrices'] },
  { path: 'renderer/charts/figure', order: ['.', 'dialog'] },
  { path: 'renderer/stores', order: ['window', '.'] },
  { path: 'renderer/shell', order: ['navigation', 'palette', '.'] },
  { path: 'renderer/ui', order: ['.', 'dialogs', 'pictures', 'work', 'fields', 'videos'] },
  {
    path: 'renderer/features',
    order: [
      'library',
      'search',
      'map',
      'alignment',
      'attention',
      'questions',
      'dataset',
      'training',
      'evaluation',
      'models',
      'settings',
      'tour',
    ],
  },
  { path: 'renderer/features/library', order: ['rules', 'inspector', 'sidebar', '.'] },
  { path: 'renderer/features/search', order: ['query', 'beside', 'why', '.'] },
  { path: 'renderer/features/map', order: ['points', 'colours', '.'] },
  { path: 'renderer/features/training', order: ['curves', 'setup', 'tracing', 'runs', '.'] },
  { path: 'renderer/features/attention', order: ['map', 'windows', 'heads', 'patches', 'compared', 'across', '.'] },
  {
    path: 'renderer/features/evaluation',
    order: ['metrics', 'confusion', 'probe', 'moments', 'comparison', 'notes', '.'],
  },
  { path: 'renderer/features/models', order: ['downloads', 'import', '.'] },
  { path: 'renderer/features/alignment', order: ['matrix', 'editing', 'tiers', 'video', 'compared', 'learning', '.'] },
]

interface Zone {
  readonly target: string
  readonly from: string
  readonly except?: string[]
  readonly message: string
}

/** The forbidden arrows, for the rule `import-x/no-restricted-paths`. */
export function zones(order: readonly Room[]): Zone[] {
  return order.flatMap(({ path, order: folders }) => {
    const at = (folder: string): string =>
      folder === '.' ? `./${path}/*` : `./${[path, folder].filter(Boolean).join('/')}`
    return folders.flatMap((target, index) =>
      folders.slice(index + 1).map(from => ({
        target: at(target),
        from: at(from),
        message: `${at(target).slice(2)} comes before ${at(from).slice(2)} in the order of build/rooms.ts.`,
      })),
    )
  })
}
