import { Document, visit } from 'yaml'
import type { ScalarTag } from 'yaml'

/** The published code reads YAML 1.1 with PyYAML, for which `1e-8` is a text: an exponent needs a point before it. */
const exponential: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?!)/,
  resolve: Number,
  identify: value => typeof value === 'number' && String(value).includes('e'),
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, '$1.0e'),
}

/** A configuration as YAML that PyYAML reads with the same values; lists stand on one line. */
export function jobYaml(config: object): string {
  const document = new Document(config, { version: '1.1', customTags: tags => [exponential, ...tags] })
  visit(document, {
    Seq: (_, list) => {
      list.flow = true
    },
  })
  return document.toString({ directives: false, lineWidth: 0 })
}
