// The schema as the server describes it, with everything to be found by its name.

const REFERENCE = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";
const VALUE = `name description defaultValue type { ${REFERENCE} }`;

export const INTROSPECTION = `query Introspection {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    directives { name description args { ${VALUE} } }
    types {
      kind name description isOneOf
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args { ${VALUE} } type { ${REFERENCE} }
      }
      inputFields { ${VALUE} }
      enumValues(includeDeprecated: true) { name description }
      interfaces { name }
      possibleTypes { name }
    }
  }
}`;

const COMPOSITE = new Set(["OBJECT", "INTERFACE", "UNION"]);
const INPUT = new Set(["SCALAR", "ENUM", "INPUT_OBJECT"]);

export class Schema {
  constructor({ __schema: told }) {
    this.types = byName(told.types.map(indexed));
    this.directives = byName(told.directives.map((each) => ({ ...each, args: byName(each.args) })));
    this.roots = {
      query: this.type(told.queryType?.name),
      mutation: this.type(told.mutationType?.name),
      subscription: this.type(told.subscriptionType?.name),
    };
  }

  type(name) {
    return this.types.get(name);
  }

  /** The type behind all lists and exclamation marks. */
  named(reference) {
    let inner = reference;
    while (inner?.ofType) inner = inner.ofType;
    return this.type(inner?.name);
  }

  composites() {
    return [...this.types.values()].filter(isComposite);
  }

  inputs() {
    return [...this.types.values()].filter(({ kind }) => INPUT.has(kind));
  }

  /** The types that a value of this one may turn out to be. */
  possible(type) {
    return (type?.possibleTypes ?? []).map(({ name }) => this.type(name));
  }
}

export function isComposite(type) {
  return COMPOSITE.has(type?.kind);
}

/** A type as it is written: `[Wallet!]!`. */
export function written(reference) {
  if (reference.kind === "NON_NULL") return `${written(reference.ofType)}!`;
  if (reference.kind === "LIST") return `[${written(reference.ofType)}]`;
  return reference.name;
}

/** Whether an argument or an input field must be given. */
export function isRequired({ type, defaultValue }) {
  return type.kind === "NON_NULL" && (defaultValue ?? null) === null;
}

function indexed(type) {
  const fields = type.fields?.map((field) => ({ ...field, args: byName(field.args) }));
  return {
    ...type,
    fields: byName(fields ?? []),
    inputFields: byName(type.inputFields ?? []),
    enumValues: byName(type.enumValues ?? []),
  };
}

function byName(list) {
  return new Map(list.map((each) => [each.name, each]));
}
