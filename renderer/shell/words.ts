export const shell = {
  app: { name: 'LF-VILA Workbench', breadcrumb: 'Video at hand', skip: 'Skip to content' },
  nav: {
    label: 'Pages', library: 'Library', search: 'Search', alignment: 'Alignment', attention: 'Attention',
    'fine-tune': 'Fine-tune', evaluate: 'Evaluate', models: 'Models', settings: 'Settings',
  },
  common: {
    cancel: 'Cancel', close: 'Close', details: 'Details', dismiss: 'Dismiss', loading: 'Loading…', save: 'Save', choose: 'Choose…',
    table: 'Table', chart: 'Chart', resize: 'Resize panes',
  },
  problem: {
    unexpected: 'Something went wrong inside the workbench.',
    interrupted: 'The connection was lost before the answer came; try again.',
  },
  connection: {
    lost: 'Connection lost, reconnecting… If the workbench was restarted, open the address it printed.',
    slow: 'Connecting to the workbench…',
  },
  quick: { label: 'Quick search', placeholder: 'Search actions and scenes' },
  chip: {
    none: 'no model', noModel: 'No model is in use.', model: 'Model in use: {model}.', device: 'It runs on {device}.',
    untrained: 'It is untrained: its results mean nothing.', crashed: 'The engine crashed and is being restarted.',
  },
  device: { auto: 'Automatic', cpu: 'CPU', webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML' },
  status: {
    label: 'Status', idle: 'No jobs running', waiting: '{n} waiting | {n} waiting',
    videos: '{count} videos | {count} video | {count} videos', indexed: '{count} indexed', failed: '{count} failed',
    failures: '{n} problems | {n} problem | {n} problems',
  },
  jobs: {
    title: 'Jobs', description: 'What is running, and what could not be done.', none: 'Nothing has run yet.', open: 'Show all jobs',
    queued: 'waiting for its turn', done: '{done} {unit}',
    cancel: 'Cancel: {title}', dismiss: 'Dismiss: {title}', showAll: 'Show all {count}',
    failures: 'Nothing failed | {n} could not be done | {n} could not be done',
    state: { queued: 'Waiting', running: 'Running', succeeded: 'Finished', failed: 'Failed', cancelled: 'Cancelled' },
    ended: {
      queued: '{title}', running: '{title}', failed: '{title}: failed.', cancelled: '{title}: cancelled.',
      succeeded: '{title}: finished. | {title}: finished, {failures} could not be done. | {title}: finished, {failures} could not be done.',
    },
  },
  work: {
    begun: 'Waiting for the engine…',
    stage: { frames: 'Taking frames from the video…', model: 'Running the model…', case: 'Comparing…', rows: 'Reading the rows of the folder…', keeping: 'Keeping the result…' },
    step: { case: 'Case {done} of {total}: {current}' },
  },
  notices: { label: 'Notices', dismiss: 'Dismiss notice', more: '{n} more | {n} more', fewer: 'Show one' },
  toasts: { label: 'Message' },
  export: { title: 'Export', png: 'Picture (PNG)', csv: 'Table (CSV)', json: 'Data (JSON)' },
  figure: { subtitle: '{what}, computed with {model}' },
  picker: { placeholder: 'Choose a video', label: 'Choose a video', open: 'Show videos', none: 'No video matches.', newest: 'Newest videos' },
}
