import vue from 'eslint-plugin-vue'
import { importX } from 'eslint-plugin-import-x'
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript'
import tseslint from 'typescript-eslint'
import vueParser from 'vue-eslint-parser'

/** The import directions of the house: renderer → main/api (types only) → main → native-models. */
const directions = [
  { target: './native-models', from: ['./main', './renderer', './tests'], message: 'native-models is mathematics: it knows no machine and no window.' },
  { target: './main/api', from: ['./main', './renderer', './native-models', './tests'], except: ['./api'], message: 'The contract depends on nothing.' },
  { target: './main', from: ['./renderer', './tests'], message: 'main knows no window and no test.' },
  { target: './renderer', from: ['./native-models', './tests'], message: 'The renderer knows only the types of main/api.' },
  { target: './renderer', from: './main', except: ['./api'], message: 'The renderer knows only the types of main/api.' },
]

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', '**/generated/**'] },
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: ['tsconfig.json', 'renderer/tsconfig.json'] })] },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'import-x/no-restricted-paths': ['error', { zones: directions }],
    },
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [{ group: ['**/main/api', '**/main/api/**'], allowTypeImports: true, message: 'The renderer imports types only from main/api.' }],
      }],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
    rules: { 'vue/max-attributes-per-line': 'off', 'vue/singleline-html-element-content-newline': 'off', 'vue/html-self-closing': 'off', 'vue/html-indent': 'off', 'vue/multi-word-component-names': 'off' },
  },
  {
    files: ['main/**', 'native-models/**', 'tests/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'onnxruntime-node', message: 'Only main/engine/onnxruntime.ts imports ONNX Runtime.' }] }],
    },
  },
  { files: ['main/engine/onnxruntime.ts'], rules: { 'no-restricted-imports': 'off' } },
)
