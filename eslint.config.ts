import prettier from 'eslint-config-prettier'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'
import { rooms, zones } from './build/rooms.ts'

interface Restriction {
  regex: string
  message: string
  allowTypeImports?: boolean
}

/** Forbids relative imports that lead into one of the rooms. */
const notInto = (names: string[], message: string): Restriction => ({
  regex: `^\\.{1,2}/(?:.*/)?(?:${names.join('|')})/`,
  message,
})
const runtime: Restriction = {
  regex: '^onnxruntime-node',
  message: 'Only main/engine/onnxruntime.ts imports ONNX Runtime.',
}
const electron: Restriction = { regex: '^electron(?:$|/)', message: 'Only main/hosts/electron imports Electron.' }
const noTests = notInto(['tests'], 'The product knows no test.')

/** What may be imported where, beside the order of the rooms. A later entry stands in the place of an earlier one. */
const restrictions: { files: string[]; patterns: Restriction[] }[] = [
  { files: ['native-models/**', 'main/**'], patterns: [noTests, runtime, electron] },
  { files: ['main/engine/onnxruntime.ts'], patterns: [noTests, electron] },
  { files: ['main/hosts/electron/**'], patterns: [noTests, runtime] },
  {
    files: ['renderer/**'],
    patterns: [
      notInto(['native-models'], 'The renderer knows only main/api.'),
      noTests,
      runtime,
      electron,
      { regex: '^\\.{1,2}/(?:.*/)?main/(?!api/)', message: 'The renderer knows only main/api.' },
      {
        regex: '^\\.{1,2}/(?:.*/)?main/api/(?!common/rules\\.ts$)',
        allowTypeImports: true,
        message: 'The renderer imports types only from main/api, beside the plain data of rules.ts.',
      },
    ],
  },
  { files: ['tests/**'], patterns: [runtime] },
]

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', '**/generated/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  prettier,
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.vue', '.mjs'] })],
      'import-x/extensions': ['.ts', '.vue', '.mjs'],
      // A component is read by the rules of Vue alone: the parser of plain modules stumbles over it.
      'import-x/ignore': ['\\.vue$'],
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'variable', format: ['camelCase', 'PascalCase'], leadingUnderscore: 'allow' },
        { selector: 'variable', modifiers: ['destructured'], format: null },
        { selector: 'typeLike', format: ['PascalCase'] },
      ],
      'arrow-body-style': 'error',
      curly: ['error', 'multi-line', 'consistent'],
      'prefer-arrow-callback': 'error',
      // Prettier breaks code at 120 and leaves comments as they are.
      'max-len': ['error', { code: 1000, comments: 120, ignoreUrls: true }],
      'import-x/no-duplicates': 'error',
      'import-x/consistent-type-specifier-style': ['error', 'prefer-top-level'],
      'import-x/order': [
        'error',
        {
          groups: ['builtin', 'external', ['parent', 'sibling', 'index']],
          'newlines-between': 'never',
          alphabetize: { order: 'asc' },
        },
      ],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: zones(rooms) }],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'ImportDeclaration[source.value=/^node:/] > :matches(ImportDefaultSpecifier, ImportNamespaceSpecifier)',
          message: 'Name what is imported from a module of Node.',
        },
      ],
    },
  },
  {
    files: ['native-models/**', 'main/**', 'renderer/**', 'build/**'],
    rules: { '@typescript-eslint/max-params': ['error', { max: 3 }] },
  },
  // The operands of an op have places, as in its formula.
  {
    files: ['native-models/graph/{build.ts,ops/**,gradients/**}'],
    rules: { '@typescript-eslint/max-params': 'off' },
  },
  // Words are data: each feature keeps its own, and the locale collects them.
  { files: ['renderer/locale/en.ts', 'renderer/locale/zh.ts'], rules: { 'import-x/no-restricted-paths': 'off' } },
  ...restrictions.map(({ files, patterns }) => ({
    files,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] as ['error', object] },
  })),
  {
    files: ['main/api/*'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.\\./', message: 'The contract depends on nothing.' }, runtime, electron] },
      ],
    },
  },
  {
    files: ['main/api/*/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^\\.\\./\\.\\./', message: 'The contract depends on nothing.' }, runtime, electron] },
      ],
    },
  },
  {
    files: ['main/api/common/rules.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '', message: 'The window loads this file: it imports nothing.' }] },
      ],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: { 'vue/multi-word-component-names': 'off' },
  },
)
