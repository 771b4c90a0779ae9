// Replaces members of an object that others keep using.

/** A proxy of the object with some of its members replaced. */
export function override<T extends object>(target: T, members: object): T {
  return new Proxy(target, {
    get: (object, key, receiver) =>
      Object.hasOwn(members, key) ? Reflect.get(members, key) : Reflect.get(object, key, receiver),
  });
}
