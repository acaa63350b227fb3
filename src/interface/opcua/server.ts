/**
 * The OPC UA process. host.ts starts it; it knows nothing of lines, outbox or uplink, only the boards it is sent.
 * Reading is for everyone who can reach it, writing for nobody: no node takes a write, those of the standard included. The
 * only methods that do anything are the ones by which a client asks about its own subscriptions.
 */

import { existsSync } from 'node:fs';
import { hostname, setPriority } from 'node:os';
import {
  MessageSecurityMode,
  makePermissionFlag,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  WellKnownRoles,
} from 'node-opcua';
import { plus, type Stop, systemClock } from '../../clock.ts';
import { reasonOf } from '../../errors.ts';
import { packageVersion } from '../../package.ts';
import type { FromServer, ToServer } from './messages.ts';
import { LiftSpace } from './space.ts';

type Start = Extract<ToServer, { type: 'start' }>;

/** Without a board for this long, what is shown is no longer called good. */
const DOUBT_AFTER_MS = 5000;

/** An OPC UA client in a loop must not take the memory of the box. */
const CAPABILITIES = {
  maxSessions: 10,
  maxSubscriptions: 30,
  maxSubscriptionsPerSession: 5,
  maxMonitoredItems: 3000,
  maxMonitoredItemsPerSubscription: 500,
  maxMonitoredItemsQueueSize: 100,
  minSupportedSampleRate: 100,
  maxBrowseContinuationPoints: 20,
  operationLimits: { maxNodesPerRead: 1000, maxNodesPerBrowse: 1000, maxMonitoredItemsPerCall: 500 },
};
const CONNECTIONS_LIMIT = 20;

const READ_ONLY = makePermissionFlag('Browse | Read');

let server: OPCUAServer | null = null;
let space: LiftSpace | null = null;
let stopDoubt: Stop | null = null;

// A terminal and systemd signal the whole group. This process ends when the gateway says so, or is gone.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToServer) => {
  take(message).catch((error: unknown) => {
    tell({ type: 'failed', why: reasonOf(error) }, () => process.exit(1));
  });
});
try {
  setPriority(10);
} catch {
  // The sandbox of the service may not allow it; it is a courtesy to the gateway.
}

async function take(message: ToServer): Promise<void> {
  if (message.type === 'stop') {
    await server?.shutdown(0);
    process.exit(0);
  }
  if (message.type === 'start') await start(message);
  const { board, wallMs } = message;
  space?.show(board, wallMs);
  stopDoubt?.();
  stopDoubt = systemClock.at(plus(systemClock.monoMs(), DOUBT_AFTER_MS), () => space?.doubt(systemClock.wallMs()));
  tell({ type: 'took' });
}

async function start({ host, port, pkiDir, board, wallMs }: Start): Promise<void> {
  const applicationUri = `urn:hoistway:${board.box.id}`;
  const open = isLoopback(host);
  const name = host === '0.0.0.0' || host === '::' ? hostname() : host;
  const certificates = await certificatesIn(pkiDir, applicationUri, name);
  server = new OPCUAServer({
    host,
    hostname: name,
    port,
    serverCertificateManager: certificates.manager,
    certificateFile: certificates.file,
    nodesets: nodesets.standard,
    serverInfo: { applicationUri, productUri: 'urn:hoistway', applicationName: `Hoistway ${board.box.id}` },
    buildInfo: { productName: 'Hoistway', softwareVersion: packageVersion },
    securityPolicies: [
      ...(open ? [SecurityPolicy.None] : []),
      SecurityPolicy.Basic256Sha256,
      SecurityPolicy.Aes128_Sha256_RsaOaep,
      SecurityPolicy.Aes256_Sha256_RsaPss,
    ],
    securityModes: [
      ...(open ? [MessageSecurityMode.None] : []),
      MessageSecurityMode.Sign,
      MessageSecurityMode.SignAndEncrypt,
    ],
    allowAnonymous: true,
    userManager: { isValidUser: () => false },
    unresolvedPermissionPolicy: 'deny',
    isAuditing: false,
    maxConnectionsPerEndpoint: CONNECTIONS_LIMIT,
    serverCapabilities: CAPABILITIES,
  });
  await server.initialize();
  const { addressSpace } = server.engine;
  if (!addressSpace) throw new Error('no address space');
  for (const namespace of addressSpace.getNamespaceArray()) {
    namespace.setDefaultRolePermissions([{ roleId: WellKnownRoles.Anonymous, permissions: READ_ONLY }]);
  }
  space = new LiftSpace(addressSpace, board);
  space.show(board, wallMs);
  await server.start();
  tell({ type: 'serving', url: server.getEndpointUrl() });
}

/**
 * The certificate is made at the first start, when the clock of the box may be decades off: so its dates are fixed.
 * Clients that are not trusted wait in `rejected` until someone moves them to `trusted`.
 */
async function certificatesIn(rootFolder: string, applicationUri: string, name: string) {
  const manager = new OPCUACertificateManager({ rootFolder, automaticallyAcceptUnknownCertificate: false });
  await manager.initialize();
  const file = `${rootFolder}/own/certs/certificate.pem`;
  if (!existsSync(file)) {
    await manager.createSelfSignedCertificate({
      applicationUri,
      subject: '/CN=Hoistway',
      dns: [hostname(), 'localhost'],
      ip: /^[\d.]+$|:/.test(name) ? [name] : [],
      startDate: new Date('2020-01-01T00:00:00Z'),
      validity: 40 * 365,
      outputFile: file,
    });
  }
  return { manager, file };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function tell(message: FromServer, then: () => void = () => undefined): void {
  if (process.send) process.send(message, then);
}
