export const settings = {
  settings: {
    appearance: 'Appearance', theme: 'Theme', themes: { system: 'System', dark: 'Dark', light: 'Light', contrast: 'High contrast' },
    compute: 'Computing', device: 'Device', deviceHint: 'Automatic takes the one that was quickest in a short trial. When the chosen device cannot be used, the CPU steps in and the window says so.',
    precision: 'Precision', precisions: { auto: 'Automatic', fp32: 'fp32', fp16: 'fp16', int8: 'int8' },
    precisionHint: {
      auto: 'fp16 on a GPU that the trial found quicker in it, otherwise fp32.', fp32: 'As the published numbers were computed.',
      fp16: 'Half precision, for GPUs. Embeddings are kept apart from those of other precisions.', int8: 'Linear layers in 8 bits, for CPUs. Embeddings are kept apart from those of other precisions.',
    },
    devices: 'Devices of this machine', probing: 'Probing devices…', usable: 'usable', refused: 'refused', using: 'in use', state: 'State', reason: 'Remark', milliseconds: '{value} ms', cannot: 'cannot', measureAgain: 'Measure again', trialHint: 'Time of the same matrix product in each precision, as measured on this machine.',
    engine: 'Engine', engineState: { stopped: 'stopped', starting: 'starting', idle: 'idle', running: 'running', crashed: 'crashed' }, engineValue: '{state} · {memory} · {restarts}', restarts: 'no restarts | {n} restart | {n} restarts',
    indexing: 'Indexing', sampling: 'Frame sampling', samplings: { fast: 'Fast', exact: 'Exact' },
    samplingHint: { fast: 'One scaling pass in the decoder. Embeddings differ from the exact ones by less than half a percent (cosine at least 0.995).', exact: 'The validation transform of the paper in floating point, slower.' },
    denseRate: 'Dense sampling rate', denseRateUnit: 'frames per second', denseRateHint: 'Between 0.1 and 30. Higher rates give shorter clips for moments and alignment, and take longer. Changing it makes the dense index stale.',
    watch: 'Watch opened folders', watchHint: 'New and changed videos are indexed by themselves.',
    network: 'Network', offline: 'Offline mode', offlineHint: 'No network is touched: nothing is downloaded. Everything else works as it does.',
    downloadMirror: 'Mirror of published files', mirrorHint: 'An address with copies of the published files, for machines that cannot reach the publishers.', noMirror: 'publishers’ own addresses',
    media: 'Video tools', ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', lookedUp: 'found automatically', pathHint: 'Leave empty to look them up on this machine.',
    pathConfined: 'Not changed in the browser, because whoever has its URL could run any program: start the workbench with LFVILA_FFMPEG=PATH and LFVILA_FFPROBE=PATH.',
    about: 'About', version: 'Version', workspace: 'Workspace', host: 'Host', hosts: { electron: 'desktop app', server: 'served page', cli: 'command line' }, platform: 'Platform', licence: 'Licence', mit: 'MIT',
  },
}
