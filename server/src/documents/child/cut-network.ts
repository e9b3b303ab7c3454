import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Takes the network out of this process before anything that reads a stranger's file is loaded. HTTP, TLS and fetch
 * all end in the functions that are replaced here. Where the system lets us, the process has no network of its own in
 * the first place; this holds everywhere else.
 */
export function cutNetwork(): void {
  const refuse = () => {
    throw new Error('There is no network here: this process reads files of strangers.');
  };
  const cut = (holder: object) => {
    for (const name of Object.getOwnPropertyNames(holder)) {
      const isFunction = typeof Reflect.get(holder, name) === 'function';
      if (isFunction && name !== 'constructor' && !/^[A-Z]/.test(name)) Reflect.set(holder, name, refuse);
    }
  };
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  for (const name of ['bind', 'connect', 'send'] as const) dgram.Socket.prototype[name] = refuse;
  for (const holder of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype])
    cut(holder);
  for (const name of ['fetch', 'WebSocket', 'EventSource']) {
    Object.defineProperty(globalThis, name, { value: refuse, writable: false, configurable: false });
  }
  syncBuiltinESMExports();
}
