// Compiles each response serializer when it is first needed: most routes have a dozen responses that a process never sends, and
// compiling all of them took a fifth of the start-up time.

type Serializer = (response: unknown) => string;

/** Wraps a serializer compiler factory so that a route's serializer is compiled when its first response is serialized. */
export function compileLazily<Options extends unknown[], Route>(
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
