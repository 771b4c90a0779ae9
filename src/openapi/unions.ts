// Writes a union of simple schemas as people would: `type: [string, 'null']`, and one `enum` for several literals.
import type { Schema } from './document.js';

/**
 * The same schema. A union with members that have more in common than a type remains as it is. Literals and null remain two members, because
 * client generators lose a null in an `enum` (swagger-typescript-api) or make code that does not compile (openapi-zod-client).
 */
export function merged(schema: Schema): Schema {
  const { anyOf, ...rest } = schema;
  if (anyOf === undefined || 'type' in rest) return schema;
  const literals = anyOf.filter(({ enum: values }) => values !== undefined);
  const others = anyOf.filter(({ enum: values, type }) => values === undefined && type !== 'null');
  // At most one member has keywords besides its type, and they do not restrict `null`, which no keyword of another type does.
  if (anyOf.some(({ type }) => typeof type !== 'string') || (literals.length > 0 && others.length > 0)) return schema;
  if (others.filter((each) => Object.keys(each).length > 1).length > 1) return schema;
  if (others.length > 1 && others.some((each) => Object.keys(each).length > 1)) return schema;
  const isNullable = anyOf.some(({ type }) => type === 'null');
  if (literals.length > 0 && isNullable) return { ...rest, anyOf: [merged({ anyOf: literals }), { type: 'null' }] };
  const types = [...new Set(anyOf.map(({ type }) => type as string))];
  const values = literals.flatMap((each) => each.enum ?? []);
  return {
    ...Object.assign({}, ...others),
    ...rest,
    type: types.length === 1 ? (types[0] as string) : types,
    ...(values.length > 0 && { enum: values }),
  };
}
