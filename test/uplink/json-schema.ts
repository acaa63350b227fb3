/** The part of JSON Schema that asyncapi.yaml uses. A keyword it does not know is an error, not a pass. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

const SAID_ONLY = new Set(['description', 'examples']);

/** What is wrong with `value`, as lines `path: what`; none when it fits. `find` follows a $ref. */
export function troubles(value: unknown, schema: Schema, find: (ref: string) => Schema, path = '$'): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]): string[] => {
    switch (keyword) {
      case '$ref':
        return troubles(value, find(String(rule)), find, path);
      case 'type':
        return [rule].flat().some((type) => isOfType(value, String(type))) ? [] : [`${path}: not ${String(rule)}`];
      case 'enum':
        return (rule as unknown[]).includes(value) ? [] : [`${path}: ${String(value)} is not in the list`];
      case 'const':
        return value === rule ? [] : [`${path}: not ${String(rule)}`];
      case 'minimum':
        return Number(value) >= Number(rule) ? [] : [`${path}: below ${String(rule)}`];
      case 'required':
        return (rule as string[]).flatMap((name) => (name in Object(value) ? [] : [`${path}.${name}: missing`]));
      case 'properties':
        return Object.entries(rule as { [name: string]: Schema }).flatMap(([name, property]) =>
          name in Object(value)
            ? troubles((value as { [name: string]: unknown })[name], property, find, `${path}.${name}`)
            : [],
        );
      case 'items':
        // Of arrays alone; what else may stand there is for `type` to say.
        return Array.isArray(value)
          ? value.flatMap((item, n) => troubles(item, rule as Schema, find, `${path}[${n}]`))
          : [];
      default:
        return SAID_ONLY.has(keyword) ? [] : [`${path}: the keyword ${keyword} is not known here`];
    }
  });
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}
