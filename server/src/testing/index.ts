/** For measurements and tests from outside this room. */
export { openSqliteFile } from './databases.ts'
export { TestDevice, rowOf, type Send } from './device.ts'
export { connectLive, sayHello } from './live-client.ts'
export { openNats } from './nats.ts'
export { freePort, startServerProcess } from './server-process.ts'
export { TEST_ORIGIN, openTestServer, type TestServer } from './open-test-server.ts'
export { REDIRECT, agree, makeClient, newStub, registered, type TestClient } from './oauth.ts'
