import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

interface Restriction { regex: string, message: string, allowTypeImports?: boolean }

/** Forbids relative imports that lead into one of the rooms. */
const notInto = (rooms: string[], message: string): Restriction => ({ regex: `^\\.{1,2}/(?:.*/)?(?:${rooms.join('|')})/`, message })
const runtime: Restriction = { regex: '^onnxruntime-node', message: 'Only main/engine/onnxruntime.ts imports ONNX Runtime.' }
const electron: Restriction = { regex: '^electron(?:$|/)', message: 'Only main/hosts/electron imports Electron.' }
const noTests = notInto(['tests'], 'The product knows no test.')

/** The import directions of the house: renderer → main/api (types only) → main → native-models. A later entry stands in the place of an earlier one. */
const directions: { files: string[], patterns: Restriction[] }[] = [
  { files: ['native-models/**'], patterns: [notInto(['main', 'renderer'], 'native-models is mathematics: it knows no machine and no window.'), noTests, runtime, electron] },
  { files: ['main/**'], patterns: [notInto(['renderer'], 'main knows no window.'), noTests, runtime, electron] },
  { files: ['main/engine/onnxruntime.ts'], patterns: [notInto(['renderer'], 'main knows no window.'), noTests, electron] },
  { files: ['main/hosts/electron/**'], patterns: [notInto(['renderer'], 'main knows no window.'), noTests, runtime] },
  { files: ['main/api/**'], patterns: [{ regex: '^\\.\\./', message: 'The contract depends on nothing.' }, runtime, electron] },
  {
    files: ['renderer/**'],
    patterns: [
      notInto(['native-models'], 'The renderer knows only the types of main/api.'), noTests, runtime, electron,
      { regex: '^\\.{1,2}/(?:.*/)?main/(?!api/)', message: 'The renderer knows only the types of main/api.' },
      { regex: '^\\.{1,2}/(?:.*/)?main/api/', allowTypeImports: true, message: 'The renderer imports types only from main/api.' },
    ],
  },
  { files: ['tests/**'], patterns: [runtime] },
]

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', '**/generated/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  ...directions.map(({ files, patterns }) => ({ files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] as ['error', object] } })),
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: { 'vue/max-attributes-per-line': 'off', 'vue/singleline-html-element-content-newline': 'off', 'vue/html-self-closing': 'off', 'vue/html-indent': 'off', 'vue/multi-word-component-names': 'off' },
  },
)
