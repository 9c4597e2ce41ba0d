export const models = {
  models: {
    use: 'Use', useNamed: 'Use {model}', remove: 'Remove', removeNamed: 'Remove {model}', inUse: 'in use', untrained: 'untrained',
    meaningless: 'Random weights: every score, matrix and attention map made with this model means nothing. Import a trained checkpoint for real results.',
    removeTitle: 'Remove “{model}”?', removeText: 'The model and all embeddings made with it are deleted from the workspace. The checkpoint file it was imported from stays untouched.',
    about: 'Model', video: 'Video encoder', text: 'Text encoder',
    parameters: 'Weights', dimension: 'Embedding', projections: 'Projections', local: 'global and local', globalOnly: 'global only; clips use the global one', created: 'Registered', source: 'Source', hash: 'Hash',
    input: 'Input', inputValue: '{frames} frames of {height} × {width}, {clips} clips', width: 'Width', depths: 'Depths', heads: 'Heads', windows: 'Windows',
    hidden: 'Width', layers: 'Layers', layersValue: '{layers}, {heads} heads', vocabulary: 'Vocabulary', tokens: 'Length', tokensValue: '{tokens} tokens × {sentences} sentences', tokensOfText: '{tokens} tokens',
    kind: {
      retrieval: 'retrieval', 'pretrain-stage1': 'pre-training, stage 1', 'pretrain-stage2': 'pre-training, stage 2',
      'qa-classification': 'question answering', 'qa-multichoice': 'multiple choice', 'video-classification': 'video classification', 'dual-encoder': 'dual encoder (ONNX)',
    },
    import: {
      open: 'Import checkpoint', title: 'Import checkpoint', description: 'PyTorch or safetensors weights of the LF-VILA family. Nothing in the file is executed.',
      weights: 'Weights', weightsHint: 'One path per line: .bin, .pt, .pth, .safetensors', config: 'Configuration', configHint: 'The JSON or YAML the checkpoint was trained with',
      bertConfig: 'BERT configuration (optional)', vocab: 'Vocabulary (optional)', vocabHint: 'vocab.txt or tokenizer.json; without one the built-in small vocabulary is used',
      kind: 'Kind', guess: 'Guess from the keys', name: 'Name', namePlaceholder: 'from the file name', action: 'Import', running: 'Reading the checkpoint…',
      done: '{model} ({kind}): {parameters} weights in {taken} tensors were taken.', skipped: 'Nothing was skipped | {n} tensor was skipped | {n} tensors were skipped', key: 'Key', reason: 'Reason',
    },
    verify: {
      title: 'Verify against a reference', text: 'A fixture is a folder of inputs and of the numbers that the published code computes from them. Verifying runs the same inputs here and shows the largest differences.',
      fixture: 'Fixture folder', action: 'Verify', running: 'Verifying…', case: 'Case', output: 'Output', absolute: 'Max. absolute', relative: 'Max. relative', tolerance: 'Tolerance', result: 'Result',
      pass: 'pass', fail: 'fail', notRun: 'not run',
    },
  },
}
