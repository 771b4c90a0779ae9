// Compiles validators and serializers when they are first needed: most routes have a dozen responses that a process never sends, and
// many routes are never called. Compiling all of them took a third of the start-up time.

type Serializer = (response: unknown) => string;

/** Ajv leaves the errors of the last call on the function, where Fastify reads them. */
interface Validator {
  (data: unknown): unknown;
  errors?: unknown;
}

/** Wraps a serializer compiler factory so that a route's serializer is compiled when its first response is serialized. */
export function serializersOnDemand<Options extends unknown[], Route>(
  factory: (...options: Options) => (route: Route) => Serializer,
): (...options: Options) => (route: Route) => Serializer {
  return (...options) => {
    const compile = factory(...options);
    return (route) => {
      let serialize: Serializer | undefined;
      return (response) => {
        serialize ??= compile(route);
        return serialize(response);
      };
    };
  };
}

/** Wraps a validator compiler factory so that a validator is compiled at its first call. */
export function validatorsOnDemand<Options extends unknown[], Route>(
  factory: (...options: Options) => (route: Route) => Validator,
): (...options: Options) => (route: Route) => Validator {
  return (...options) => {
    const compile = factory(...options);
    return (route) => {
      let compiled: Validator | undefined;
      const validate: Validator = (data) => {
        compiled ??= compile(route);
        const result = compiled(data);
        validate.errors = compiled.errors;
        return result;
      };
      return validate;
    };
  };
}
