// Serializers of answers, each compiled when it is first needed: most routes have a dozen answers that a process never gives,
// and compiling them all took a fifth of its start.

type Serializer = (answer: unknown) => string;

/** What a compiler of `factory` makes of a route, made when the first answer is serialized. */
export function compileLazily<Options extends unknown[], Route>(
  factory: (...options: Options) => (route: Route) => Serializer,
): (...options: Options) => (route: Route) => Serializer {
  return (...options) => {
    const compile = factory(...options);
    return (route) => {
      let serialize: Serializer | undefined;
      return (answer) => {
        serialize ??= compile(route);
        return serialize(answer);
      };
    };
  };
}
