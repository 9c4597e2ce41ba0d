export const settings = {
  settings: {
    appearance: 'Appearance', theme: 'Theme', themes: { system: 'System', dark: 'Dark', light: 'Light', contrast: 'High contrast' },
    compute: 'Computing', device: 'Device', deviceHint: 'Automatic takes the first usable one. When the chosen device cannot be used, the CPU steps in and the window says so.',
    devices: 'Devices of this machine', probing: 'Probing devices…', usable: 'usable', refused: 'refused', using: 'in use', probeAgain: 'Show devices',
    engine: 'Engine', engineState: { stopped: 'stopped', starting: 'starting', idle: 'idle', running: 'running', crashed: 'crashed' }, engineValue: '{state} · {memory} · {restarts}', restarts: 'no restarts | {n} restart | {n} restarts',
    indexing: 'Indexing', sampling: 'Frame sampling', samplings: { fast: 'Fast', exact: 'Exact' },
    samplingHint: { fast: 'One scaling pass in the decoder. Embeddings differ from the exact ones by less than half a percent (cosine at least 0.995).', exact: 'The validation transform of the paper in floating point, slower.' },
    denseRate: 'Dense sampling rate', denseRateUnit: 'frames per second', denseRateHint: 'Between 0.1 and 30. Higher rates give shorter clips for moments and alignment, and take longer. Changing it makes the dense index stale.',
    watch: 'Watch opened folders', watchHint: 'New and changed videos are indexed by themselves.',
    media: 'Video tools', ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', lookedUp: 'found automatically', pathHint: 'Leave empty to look them up on this machine.',
    about: 'About', version: 'Version', workspace: 'Workspace', host: 'Host', hosts: { electron: 'desktop app', server: 'served page', cli: 'command line' }, platform: 'Platform', licence: 'Licence', mit: 'MIT',
  },
}
